namespace Relay.Exchange;

/// <summary>
/// Keeps the relay within what Exchange grants one account: so many requests at once, and none at all while the server has asked for rest.
/// Sending on while throttled prolongs it.
/// </summary>
internal sealed class Throttle(int atOnce, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(atOnce);
    private readonly SemaphoreSlim _guests = new(Math.Max(1, atOnce - 1));
    private readonly Lock _gate = new();
    private DateTimeOffset _restUntil;

    /// <summary>Waits for a slot and for the end of any rest. Dispose what it returns when the answer is there.</summary>
    internal async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            for (TimeSpan rest; (rest = Rest()) > TimeSpan.Zero;)
            {
                await Task.Delay(rest, time, cancellationToken);
            }

            return new Slot(() => _slots.Release());
        }
        catch (OperationCanceledException)
        {
            _slots.Release();
            throw;
        }
    }

    /// <summary>The same for what subscribers ask of a mailbox: one slot is left to what brings events, however many they are.</summary>
    internal async Task<IDisposable> EnterAsGuestAsync(CancellationToken cancellationToken)
    {
        await _guests.WaitAsync(cancellationToken);
        try
        {
            var slot = await EnterAsync(cancellationToken);
            return new Slot(() =>
            {
                slot.Dispose();
                _guests.Release();
            });
        }
        catch (OperationCanceledException)
        {
            _guests.Release();
            throw;
        }
    }

    /// <summary>The server asks for rest; the longest wish stands.</summary>
    internal void RestFor(TimeSpan wait)
    {
        DateTimeOffset until = time.GetUtcNow() + wait;
        lock (_gate)
        {
            _restUntil = until > _restUntil ? until : _restUntil;
        }
    }

    public void Dispose()
    {
        _slots.Dispose();
        _guests.Dispose();
    }

    private TimeSpan Rest()
    {
        lock (_gate)
        {
            return _restUntil - time.GetUtcNow();
        }
    }

    private sealed class Slot(Action release) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                release();
            }
        }
    }
}
