namespace Relay.Operations;

/// <summary>
/// How many requests may ask Exchange what is in mailboxes at once: no more than a part of the handlers waits for it, no more answers of some
/// megabytes are in memory, and nobody has all of it.
/// </summary>
internal sealed class PassedSlots
{
    private const int Most = 6;
    private const int MostOfOne = 3;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Null when all are taken, or all that one principal may have; else to be disposed.</summary>
    public IDisposable? TryTake(string principal)
    {
        lock (_gate)
        {
            int own = _taken.GetValueOrDefault(principal);
            if (own == MostOfOne || _taken.Values.Sum() == Most)
            {
                return null;
            }

            _taken[principal] = own + 1;
            return new Slot(this, principal);
        }
    }

    private void Release(string principal)
    {
        lock (_gate)
        {
            if (--_taken[principal] == 0)
            {
                _taken.Remove(principal);
            }
        }
    }

    private sealed class Slot(PassedSlots slots, string principal) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                slots.Release(principal);
            }
        }
    }
}
