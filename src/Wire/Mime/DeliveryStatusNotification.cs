namespace Relay.Wire.Mime;

/// <summary>A report on what became of a mail (RFC 3464). Anyone can forge one: it is acted on only with proof of its own.</summary>
/// <param name="OriginalEnvelopeId">The ENVID that was given with the mail; null when not reported.</param>
/// <param name="OriginalMessageId">The Message-ID of the mail that is sent back, as it stands there; null when none is.</param>
/// <param name="Recipients">One entry a recipient, at least one.</param>
public sealed record DeliveryStatusNotification(
    string? OriginalEnvelopeId, string? OriginalMessageId, IReadOnlyList<RecipientStatus> Recipients)
{
    /// <summary>It came in the form of RFC 3464; otherwise it was guessed from prose.</summary>
    public bool IsStructured { get; init; } = true;

    /// <summary>Reads a notification, whatever the mail around it is called; null when it has none.</summary>
    /// <param name="mail">A mail that came to an address where notifications come.</param>
    /// <param name="limits">What it may cost; of recipients as many are read as a mail may have parts.</param>
    public static DeliveryStatusNotification? Read(MimeEntity mail, MimeLimits limits)
    {
        // RFC 6522 §3 has the report as second part of multipart/report; mailers have put it anywhere in anything.
        var parts = Leaves(mail).ToList();
        var reports = parts.Where(part => part.ContentType.Type == "message"
            && part.ContentType.Subtype is "delivery-status" or "global-delivery-status");
        foreach (var report in reports)
        {
            if (report.Decode(limits) is MimeDecodeResult.Decoded(var octets) && DeliveryStatusReader.Read(octets, limits) is { } read)
            {
                return read with { OriginalMessageId = MessageIdOf(parts, limits) };
            }
        }

        foreach (var text in parts.Where(part => part.ContentType.Is("text", "plain")).Select(part => part.DecodeText(limits)))
        {
            if (DeliveryStatusText.Read(text) is { } status)
            {
                return new DeliveryStatusNotification(null, MessageIdOf(parts, limits) ?? DeliveryStatusText.MessageIdIn(text), [status])
                {
                    IsStructured = false,
                };
            }
        }

        return null;
    }

    private static IEnumerable<MimeEntity> Leaves(MimeEntity entity) =>
        entity.Parts.Count == 0 ? [entity] : entity.Parts.SelectMany(Leaves);

    // RFC 3464 §2 leaves the third part out at will; RFC 6533 §4 adds the global ones.
    private static string? MessageIdOf(List<MimeEntity> parts, MimeLimits limits) => parts
        .Where(part => part.ContentType.MediaType is "message/rfc822" or "text/rfc822-headers" or "message/rfc822-headers"
            or "message/global" or "message/global-headers")
        .Select(part => part.Decode(limits) is MimeDecodeResult.Decoded(var octets) ? HeaderReader.Read(octets, limits).Headers : HeaderFields.Empty)
        .Select(MessageId.RawOf)
        .FirstOrDefault(id => id is not null);
}
