using Relay.Wire.Smtp;

namespace Relay.Client.Mail;

/// <summary>What our listener says beyond the server's own replies.</summary>
internal static class ClientReplies
{
    public static readonly SmtpReply Taken = SmtpReplies.Make(250, 2, 0, 0, "taken");

    public static readonly SmtpReply HadBefore = SmtpReplies.Make(250, 2, 0, 0, "had it before");

    public static readonly SmtpReply NotOurAddress = SmtpReplies.Make(550, 5, 1, 1, "this program takes mail for its own address only");

    /// <summary>A mailbox that is busy, not a fault of the mail: the relay keeps it and comes again.</summary>
    public static readonly SmtpReply NotNow = SmtpReplies.Make(451, 4, 2, 1, "nobody listens for this mail now, try again later");
}
