using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>What content is refused for, gravest first.</summary>
internal static class ContentFault
{
    /// <summary>Null where nothing is wrong. RFC 1870 §6.3: what was announced by SIZE binds nobody; the octets are counted.</summary>
    public static SmtpReply? Of(bool hasBareLineEnd, bool hasLongLine, long length, long maxLength) =>
        hasBareLineEnd ? SmtpReplies.BareLineEndInData
        : length > maxLength ? SmtpReplies.TooBig
        : hasLongLine ? SmtpReplies.TextLineTooLong
        : null;
}
