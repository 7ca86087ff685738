namespace Relay.Store;

/// <summary>
/// Wakes whoever waits. A ring that nobody waits for is remembered once, so a worker that looks at its rows and then waits
/// misses nothing; many rings before a wait are one.
/// </summary>
internal sealed class Bell
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _next;
    private int _waiting;
    private bool _rung;

    public void Ring()
    {
        TaskCompletionSource? wake;
        lock (_gate)
        {
            wake = _next;
            _rung = wake is null;
            _next = null;
            _waiting = 0;
        }

        wake?.SetResult();
    }

    /// <summary>Completes at the next ring, or when <paramref name="atMost"/> has passed.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        TaskCompletionSource mine;
        lock (_gate)
        {
            if (_rung)
            {
                _rung = false;
                return;
            }

            mine = _next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting++;
        }

        try
        {
            await mine.Task.WaitAsync(atMost, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            Leave(mine);
        }
        catch (OperationCanceledException)
        {
            Leave(mine);
            throw;
        }
    }

    // A ring that only a waiter who has left would hear must be remembered instead.
    private void Leave(TaskCompletionSource mine)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_next, mine) && --_waiting == 0)
            {
                _next = null;
            }
        }
    }
}
