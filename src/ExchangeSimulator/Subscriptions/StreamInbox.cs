using System.Threading.Channels;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Subscriptions;

/// <summary>What reaches an open stream from elsewhere: a ring when there may be events, and the errors that end it.</summary>
internal sealed class StreamInbox
{
    private readonly Channel<bool> _bell = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly List<(EwsError Error, string SubscriptionId)> _errors = [];

    /// <summary>Errors to tell before the stream ends. Touched only under the gate of the database.</summary>
    public IReadOnlyList<(EwsError Error, string SubscriptionId)> Errors => _errors;

    /// <summary>The connection is to drop without a word.</summary>
    public bool IsDropped { get; private set; }

    public void Ring() => _bell.Writer.TryWrite(true);

    public void End(EwsError error, string subscriptionId)
    {
        _errors.Add((error, subscriptionId));
        Ring();
    }

    public void Drop()
    {
        IsDropped = true;
        Ring();
    }

    /// <summary>Waits for a ring.</summary>
    /// <param name="atMost">Not negative.</param>
    /// <param name="time">Measures the wait.</param>
    /// <param name="ct">Ends the wait with an exception.</param>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(atMost, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            await _bell.Reader.ReadAsync(both.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // The time is up, which is an answer too.
        }
    }
}
