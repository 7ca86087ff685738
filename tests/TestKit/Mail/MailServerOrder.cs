namespace Relay.TestKit.Mail;

/// <summary>What a <see cref="RecordingMailServer"/> does at a stage instead of agreeing.</summary>
public abstract record MailServerOrder
{
    private MailServerOrder()
    {
    }

    /// <summary>Gives this reply, "451 4.3.0 later"; several lines joined by '\n' ("250-a\n250 b"). A 421 also closes the connection.</summary>
    public sealed record Answer(string Reply) : MailServerOrder;

    /// <summary>Says nothing more on this connection, and leaves it open.</summary>
    public sealed record Hang : MailServerOrder;

    /// <summary>Resets the connection instead of answering.</summary>
    public sealed record Cut : MailServerOrder;

    /// <summary>At <see cref="MailServerStage.Data"/>: agrees, reads so many octets of the content, then resets the connection.</summary>
    public sealed record CutInData(int AfterOctets) : MailServerOrder;

    /// <summary>Agrees, but only after a while.</summary>
    public sealed record Wait(TimeSpan Duration) : MailServerOrder;
}
