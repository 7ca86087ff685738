namespace Relay.Exchange;

/// <summary>What became of one HTTP request to Exchange.</summary>
internal abstract record HttpOutcome
{
    private HttpOutcome()
    {
    }

    /// <summary>An answer with a body that may be an envelope: status 200, or 500 as SOAP faults come.</summary>
    internal sealed record Answered(ReadOnlyMemory<byte> Octets) : HttpOutcome;

    /// <summary>A stream that is open. Whoever takes it disposes it.</summary>
    internal sealed record Opened(Stream Body, HttpResponseMessage Response) : HttpOutcome;

    /// <summary>
    /// No envelope came. <paramref name="Reason"/> is one sentence for people; <paramref name="WaitAtLeast"/> what the server asked for
    /// (Retry-After).
    /// </summary>
    internal sealed record NoAnswer(string Reason, TimeSpan? WaitAtLeast) : HttpOutcome
    {
        /// <summary>An answer came that was longer than what is taken.</summary>
        internal bool IsTooLong { get; init; }
    }
}
