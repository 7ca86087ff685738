namespace Relay.Operator;

/// <summary>One thing that happened to a mail, a subscription or an event; the shape of <c>relay trace --json</c>.</summary>
/// <param name="At">When; of something that has not happened yet, the time of asking.</param>
/// <param name="Subject">What it happened to: in-12, out-34, a subscription's id, an event's position.</param>
/// <param name="What">One or two words: received, handled, made, attempt failed, delivered.</param>
/// <param name="Text">The rest.</param>
internal sealed record TraceStep(DateTimeOffset At, string Subject, string What, string Text);
