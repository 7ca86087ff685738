namespace Relay.Exchange;

/// <summary>
/// Keeps the relay within what Exchange grants one account: so many requests at once, and none at all while the server has asked for rest.
/// Sending on while throttled prolongs it. Guests, who ask for subscribers what is in mailboxes, leave one slot to what brings events, and go
/// behind it where there is but one.
/// </summary>
internal sealed class Throttle : IDisposable
{
    private readonly TimeProvider _time;
    private readonly int _mostGuests;
    private readonly ITimer _restIsOver;
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = [];
    private readonly LinkedList<TaskCompletionSource> _waitingGuests = [];
    private DateTimeOffset _restUntil;
    private int _free;
    private int _guests;

    internal Throttle(int atOnce, TimeProvider time)
    {
        _time = time;
        _free = atOnce;
        _mostGuests = Math.Max(1, atOnce - 1);
        _restIsOver = time.CreateTimer(_ => Admit(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits for a slot and for the end of any rest. Dispose what it returns when the answer is there.</summary>
    internal Task<IDisposable> EnterAsync(CancellationToken cancellationToken) => EnterAsync(_waiting, () => _free++, cancellationToken);

    /// <summary>The same for what subscribers ask of a mailbox: one slot is left to what brings events, and whatever of that waits goes first.</summary>
    internal Task<IDisposable> EnterAsGuestAsync(CancellationToken cancellationToken) => EnterAsync(
        _waitingGuests,
        () =>
        {
            _free++;
            _guests--;
        },
        cancellationToken);

    /// <summary>The server asks for rest; the longest wish stands.</summary>
    internal void RestFor(TimeSpan wait)
    {
        DateTimeOffset until = _time.GetUtcNow() + wait;
        lock (_gate)
        {
            if (until > _restUntil)
            {
                _restUntil = until;
                _restIsOver.Change(wait, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose() => _restIsOver.Dispose();

    private async Task<IDisposable> EnterAsync(LinkedList<TaskCompletionSource> queue, Action leave, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<TaskCompletionSource> place = new(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            queue.AddLast(place);
        }

        Admit();
        await using (cancellationToken.Register(() => GiveUp(place, cancellationToken)))
        {
            await place.Value.Task;
        }

        return new Slot(() => Release(leave));
    }

    /// <summary>Lets in whoever may go now.</summary>
    private void Admit()
    {
        lock (_gate)
        {
            TimeSpan rest = _restUntil - _time.GetUtcNow();
            if (rest > TimeSpan.Zero)
            {
                _restIsOver.Change(rest, Timeout.InfiniteTimeSpan); // a timer may come early
                return;
            }

            while (_free > 0 && _waiting.First is { } first)
            {
                _free--;
                _waiting.RemoveFirst();
                first.Value.SetResult();
            }

            while (_free > 0 && _guests < _mostGuests && _waitingGuests.First is { } guest)
            {
                _free--;
                _guests++;
                _waitingGuests.RemoveFirst();
                guest.Value.SetResult();
            }
        }
    }

    private void Release(Action leave)
    {
        lock (_gate)
        {
            leave();
        }

        Admit();
    }

    /// <summary>Whoever has been let in meanwhile has a slot, and gives it back like any other.</summary>
    private void GiveUp(LinkedListNode<TaskCompletionSource> place, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (place.List is { } queue)
            {
                queue.Remove(place);
                place.Value.SetCanceled(cancellationToken);
            }
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
