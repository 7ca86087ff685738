namespace Relay.Operations;

/// <summary>
/// How many requests may ask Exchange what is in mailboxes at once: no more than a part of the handlers waits for it, and no more answers of some
/// megabytes are in memory.
/// </summary>
internal sealed class PassedSlots
{
    private const int Most = 6;

    private int _taken;

    /// <summary>Null when all are taken; else to be disposed.</summary>
    public IDisposable? TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= Most)
        {
            return new Slot(this);
        }

        Interlocked.Decrement(ref _taken);
        return null;
    }

    private sealed class Slot(PassedSlots slots) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                Interlocked.Decrement(ref slots._taken);
            }
        }
    }
}
