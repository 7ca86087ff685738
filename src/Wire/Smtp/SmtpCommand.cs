namespace Relay.Wire.Smtp;

/// <summary>One command line, read. The cases below are all there are.</summary>
public abstract record SmtpCommand
{
    private SmtpCommand(SmtpVerb verb) => Verb = verb;

    /// <summary>Which command it is; <see cref="SmtpVerb.None"/> where the line names none.</summary>
    public SmtpVerb Verb { get; }

    /// <summary>A line that is refused as it stands, with the reply that says why.</summary>
    public sealed record Refused(SmtpVerb About, SmtpReply Reply) : SmtpCommand(About);

    /// <summary>HELO, EHLO or LHLO with the name that the client gives itself.</summary>
    public sealed record Hello(SmtpVerb Kind, string Name) : SmtpCommand(Kind);

    /// <summary>MAIL with all its parameters.</summary>
    public sealed record Mail(MailParameters Parameters) : SmtpCommand(SmtpVerb.Mail);

    /// <summary>RCPT with all its parameters.</summary>
    public sealed record Recipient(RecipientParameters Parameters) : SmtpCommand(SmtpVerb.Rcpt);

    /// <summary>BDAT: so many octets follow the line.</summary>
    public sealed record Chunk(long Length, bool IsLast) : SmtpCommand(SmtpVerb.Bdat);

    /// <summary>AUTH with the initial response as sent: null where there is none, <c>=</c> where it is empty.</summary>
    public sealed record Authenticate(string Mechanism, string? InitialResponse) : SmtpCommand(SmtpVerb.Auth);

    /// <summary>XCLIENT: on whose behalf a proxy speaks.</summary>
    public sealed record Xclient(XclientAttributes Attributes) : SmtpCommand(SmtpVerb.Xclient);

    /// <summary>A command whose argument, if any, changes nothing: DATA, RSET, NOOP, QUIT, VRFY, EXPN, HELP, STARTTLS.</summary>
    public sealed record Plain(SmtpVerb Name) : SmtpCommand(Name);
}
