namespace Relay.Wire.Ews;

/// <summary>What a server answered.</summary>
/// <typeparam name="T">What it answers when it can.</typeparam>
public abstract record EwsResult<T>
{
    private EwsResult()
    {
    }

    /// <summary>The answer; a warning counts as one.</summary>
    /// <param name="Value">Read as far as the server wrote it.</param>
    public sealed record Success(T Value) : EwsResult<T>;

    /// <summary>A response message with an error, or a SOAP fault.</summary>
    /// <param name="Problem">Says which of the two it is.</param>
    public sealed record Error(EwsError Problem) : EwsResult<T>;

    /// <summary>XML that is no answer to the request.</summary>
    /// <param name="Sentence">What was expected and not found.</param>
    public sealed record Unreadable(string Sentence) : EwsResult<T>;
}
