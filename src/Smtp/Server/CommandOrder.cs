using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>Which command may come when (RFC 5321 §4.1.4). What stands in no row may always come.</summary>
internal static class CommandOrder
{
    private static readonly SmtpReply HelloFirst = SmtpReplies.BadSequence("say EHLO first");
    private static readonly SmtpReply MailFirst = SmtpReplies.BadSequence("say MAIL first");
    private static readonly SmtpReply UnderWay = SmtpReplies.BadSequence("a mail is under way");
    private static readonly SmtpReply InChunks = SmtpReplies.BadSequence("BDAT is under way");

    // RFC 5321 §3.3: DATA without a recipient is 503 or 554; RFC 2033 §4.2 allows 503 only.
    private static readonly SmtpReply NoRecipients = SmtpReplies.BadSequence("no valid recipients");

    private static readonly Dictionary<(SmtpVerb, SessionPhase), SmtpReply> Refusals = new()
    {
        [(SmtpVerb.Mail, SessionPhase.Greeted)] = HelloFirst,
        [(SmtpVerb.Mail, SessionPhase.Sender)] = UnderWay,
        [(SmtpVerb.Mail, SessionPhase.Recipients)] = UnderWay,
        [(SmtpVerb.Mail, SessionPhase.Chunks)] = InChunks,
        [(SmtpVerb.Rcpt, SessionPhase.Greeted)] = HelloFirst,
        [(SmtpVerb.Rcpt, SessionPhase.Ready)] = MailFirst,
        [(SmtpVerb.Rcpt, SessionPhase.Chunks)] = InChunks,
        [(SmtpVerb.Data, SessionPhase.Greeted)] = HelloFirst,
        [(SmtpVerb.Data, SessionPhase.Ready)] = MailFirst,
        [(SmtpVerb.Data, SessionPhase.Sender)] = NoRecipients,
        [(SmtpVerb.Data, SessionPhase.Chunks)] = InChunks,
        [(SmtpVerb.Bdat, SessionPhase.Greeted)] = HelloFirst,
        [(SmtpVerb.Bdat, SessionPhase.Ready)] = MailFirst,
        [(SmtpVerb.Bdat, SessionPhase.Sender)] = NoRecipients,
        [(SmtpVerb.StartTls, SessionPhase.Greeted)] = HelloFirst,
        [(SmtpVerb.StartTls, SessionPhase.Sender)] = UnderWay,
        [(SmtpVerb.StartTls, SessionPhase.Recipients)] = UnderWay,
        [(SmtpVerb.StartTls, SessionPhase.Chunks)] = UnderWay,
        [(SmtpVerb.Auth, SessionPhase.Greeted)] = HelloFirst,
        [(SmtpVerb.Auth, SessionPhase.Sender)] = UnderWay,
        [(SmtpVerb.Auth, SessionPhase.Recipients)] = UnderWay,
        [(SmtpVerb.Auth, SessionPhase.Chunks)] = UnderWay,
        [(SmtpVerb.Xclient, SessionPhase.Sender)] = UnderWay,
        [(SmtpVerb.Xclient, SessionPhase.Recipients)] = UnderWay,
        [(SmtpVerb.Xclient, SessionPhase.Chunks)] = UnderWay,
    };

    /// <summary>The reply that refuses the command for its place; null where it may come.</summary>
    public static SmtpReply? Refusal(SmtpVerb verb, SessionPhase phase) => Refusals.GetValueOrDefault((verb, phase));
}
