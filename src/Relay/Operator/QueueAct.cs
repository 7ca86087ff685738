namespace Relay.Operator;

/// <summary>What the operator's hand did to a mail of a queue.</summary>
/// <param name="Done">False where nothing was changed.</param>
/// <param name="Sentence">What was done, or why it was not.</param>
internal sealed record QueueAct(bool Done, string Sentence)
{
    /// <summary>The mail as the act left it; null where nothing was done.</summary>
    public QueuedMail? Mail { get; init; }

    /// <summary>Whether a report of a drop goes to the mail's sender.</summary>
    public bool IsSenderTold { get; init; }
}
