namespace Relay.Wire.Smtp;

/// <summary>The replies that need no detail, each with the code and status that its section asks for.</summary>
public static class SmtpReplies
{
    /// <summary>The sender is taken.</summary>
    public static readonly SmtpReply SenderOk = Make(250, 2, 1, 0, "sender ok");

    /// <summary>The recipient is taken.</summary>
    public static readonly SmtpReply RecipientOk = Make(250, 2, 1, 5, "recipient ok");

    /// <summary>Done, nothing to add.</summary>
    public static readonly SmtpReply Ok = Make(250, 2, 0, 0, "ok");

    /// <summary>RFC 5321 §4.1.1.4: content may follow.</summary>
    public static readonly SmtpReply StartData = new(354, null, "end with <CRLF>.<CRLF>");

    /// <summary>The answer to QUIT.</summary>
    public static readonly SmtpReply Bye = Make(221, 2, 0, 0, "bye") with { ClosesConnection = true };

    /// <summary>RFC 5321 §3.5.3: neither verified nor denied.</summary>
    public static readonly SmtpReply CannotVerify = Make(252, 2, 5, 0, "cannot verify, try to deliver");

    /// <summary>RFC 5321 §4.2.4: no such command.</summary>
    public static readonly SmtpReply UnknownCommand = Make(500, 5, 5, 1, "unknown command");

    /// <summary>RFC 5321 §4.2.4: known, not to be had here.</summary>
    public static readonly SmtpReply NotImplemented = Make(502, 5, 5, 1, "command not implemented");

    /// <summary>RFC 5321 §4.5.3.1.4: the line is longer than we read.</summary>
    public static readonly SmtpReply LineTooLong = Make(500, 5, 5, 2, "line too long");

    /// <summary>RFC 5321 §2.3.8: only CRLF ends a line.</summary>
    public static readonly SmtpReply BareLineEnd = Make(500, 5, 5, 2, "lines end in CRLF") with { ClosesConnection = true };

    /// <summary>RFC 5321 §2.3.8: a CR or LF alone within mail content.</summary>
    public static readonly SmtpReply BareLineEndInData =
        Make(550, 5, 5, 2, "bare CR or LF in the mail, lines end in CRLF") with { ClosesConnection = true };

    /// <summary>RFC 5321 §4.5.3.1.6: a line of the content is longer than the limit.</summary>
    public static readonly SmtpReply TextLineTooLong = Make(554, 5, 6, 0, "a line of the mail is too long");

    /// <summary>RFC 5321 §4.5.3.1.10: take the rest in another transaction.</summary>
    public static readonly SmtpReply TooManyRecipients = Make(452, 4, 5, 3, "too many recipients, the first ones stand");

    /// <summary>RFC 1870 §6.1: over the fixed limit.</summary>
    public static readonly SmtpReply TooBig = Make(552, 5, 3, 4, "mail is bigger than this server takes");

    /// <summary>RFC 3463 §3.4: the system does not work just now.</summary>
    public static readonly SmtpReply StoreDown = Make(451, 4, 3, 0, "cannot take the mail now, try again later");

    /// <summary>RFC 5321 §4.5.3.1.9: sent while the spool is full; the same mail is welcome later.</summary>
    public static readonly SmtpReply StoreFull = Make(452, 4, 3, 1, "no room for the mail now, try again later");

    /// <summary>RFC 5321 §3.8: the server is about to stop.</summary>
    public static readonly SmtpReply ShuttingDown = Make(421, 4, 3, 2, "shutting down") with { ClosesConnection = true };

    /// <summary>RFC 5321 §3.8: the session cannot go on, by our fault.</summary>
    public static readonly SmtpReply InternalError = Make(421, 4, 3, 0, "something is wrong here, try again later") with { ClosesConnection = true };

    /// <summary>RFC 5321 §4.5.3.2.7: nothing came in time.</summary>
    public static readonly SmtpReply TimedOut = Make(421, 4, 4, 2, "timed out") with { ClosesConnection = true };

    /// <summary>The session made too many mistakes.</summary>
    public static readonly SmtpReply TooManyErrors = Make(421, 4, 7, 0, "too many errors") with { ClosesConnection = true };

    /// <summary>The session said much and sent no mail.</summary>
    public static readonly SmtpReply TooManyCommands = Make(421, 4, 7, 0, "too many commands without a mail") with { ClosesConnection = true };

    /// <summary>RFC 5321 §3.8: somebody speaks another protocol here, or was made to.</summary>
    public static readonly SmtpReply NotSmtp = Make(421, 4, 7, 0, "this is not SMTP, goodbye") with { ClosesConnection = true };

    /// <summary>All sessions are in use.</summary>
    public static readonly SmtpReply TooManySessions = Make(421, 4, 3, 2, "too many sessions, try again later") with { ClosesConnection = true };

    /// <summary>All sessions that one client may have are in use.</summary>
    public static readonly SmtpReply TooManySessionsOfClient =
        Make(421, 4, 7, 0, "too many sessions from your address") with { ClosesConnection = true };

    /// <summary>RFC 6531 §3.5: an address beyond ASCII in a transaction that did not ask for SMTPUTF8.</summary>
    public static readonly SmtpReply NeedsSmtpUtf8 = Make(553, 5, 6, 7, "address needs SMTPUTF8");

    /// <summary>A reply with a status whose class fits the code.</summary>
    public static SmtpReply Make(int code, int statusClass, int subject, int detail, string text) =>
        new(code, new EnhancedStatus(statusClass, subject, detail), text);

    /// <summary>RFC 5321 §4.2.2: known command, wrong form.</summary>
    public static SmtpReply Syntax(string text) => Make(501, 5, 5, 2, text);

    /// <summary>RFC 5321 §4.2.2: a parameter's value is wrong.</summary>
    public static SmtpReply BadArgument(string text) => Make(501, 5, 5, 4, text);

    /// <summary>RFC 5321 §4.1.4: right command, wrong time.</summary>
    public static SmtpReply BadSequence(string text) => Make(503, 5, 5, 1, text);

    /// <summary>RFC 5321 §4.1.1.11: a parameter that nobody announced.</summary>
    public static SmtpReply UnknownParameter(string keyword) => Make(555, 5, 5, 4, $"parameter {keyword} not recognised");
}
