using Relay.Access;
using Relay.Store;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;
using Relay.Wire.Soap;

namespace Relay.Intake;

/// <summary>A mail out of the spool, read as far as it can be.</summary>
/// <param name="Spooled">Its row.</param>
/// <param name="Octets">The whole mail, our Received field first.</param>
/// <param name="Root">The part tree, or null when <paramref name="Fault"/> says why there is none.</param>
/// <param name="Headers">The header's fields; of a mail that cannot be read, those before the fault.</param>
/// <param name="Fault">Why the mail cannot be read.</param>
internal sealed record IncomingMail(SpooledMail Spooled, ReadOnlyMemory<byte> Octets, MimeEntity? Root, HeaderFields Headers, MimeFault? Fault)
{
    public MailFacts Facts { get; } = MailFacts.Of(Headers);

    public MailAddress? ReversePath { get; } =
        Spooled.ReversePath is { } text && MailAddress.TryParse(text, out var address) ? address : null;

    /// <summary>From, else MAIL FROM; null where neither names one mailbox.</summary>
    public MailAddress? Sender => Facts.From?.Address ?? ReversePath;

    /// <summary>The id that the answer refers to, as raw as it came, else the one that we gave it; also where one came that no line of a header holds.</summary>
    public string RequestId => Facts.AnswersTo is { } id && MessageId.FitsField(id) ? id : OurId;

    /// <summary>The id that the 250 told in place of one that no reply line holds, which the answer then names too; null where it told the request's own.</summary>
    public string? AlsoTold => Facts.AnswersTo is { } id && !MessageId.FitsReply(id) ? OurId : null;

    private string OurId => $"<{Spooled.MailId}>";

    /// <summary>Another server has stamped the mail, so the client that handed it to us did not write it (ours is the first stamp).</summary>
    public bool WasRelayed => Headers.CountOf("Received") > (Spooled.Origin.Via == MailOrigin.Smtp ? 1 : 0);

    /// <summary>What it brings to prove its sender, but for the envelope; null where it names none.</summary>
    public MailEvidence? Evidence => Sender is not { } sender ? null : new MailEvidence
    {
        Origin = Spooled.Origin,
        Sender = sender,
        HasAuthor = Facts.From is not null,
        WasRelayed = WasRelayed,
        ReceivedAt = Spooled.ReceivedAt,
        Headers = Headers,
        Root = Root,
        RequestId = Facts.AnswersTo,
    };

    public static IncomingMail Read(SpooledMail spooled, ReadOnlyMemory<byte> octets, MimeLimits limits) =>
        MimeReader.Read(octets, limits) switch
        {
            MimeReadResult.Read read => new IncomingMail(spooled, octets, read.Root, read.Root.Headers, null),
            MimeReadResult.Refused refused => new IncomingMail(spooled, octets, null, refused.Headers, refused.Fault),
            _ => throw new InvalidOperationException("The cases of MimeReadResult are closed."),
        };
}
