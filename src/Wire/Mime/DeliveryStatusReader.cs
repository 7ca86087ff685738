using Relay.Wire.Smtp;

namespace Relay.Wire.Mime;

/// <summary>Reads the body of message/delivery-status: groups of fields, the first about the mail, each other about a recipient.</summary>
internal static class DeliveryStatusReader
{
    private const int MaxDiagnostic = 1000;

    /// <summary>What the groups say; null when no group is about a recipient.</summary>
    public static DeliveryStatusNotification? Read(ReadOnlyMemory<byte> body, MimeLimits limits)
    {
        string? envelopeId = null;
        var recipients = new List<RecipientStatus>();
        while (!body.IsEmpty && recipients.Count < limits.MaxParts)
        {
            var group = HeaderReader.Read(body, limits);
            envelopeId ??= group.Headers.Text("Original-Envelope-Id");

            // Some write the mail's and the recipient's fields as one group: what is said about a recipient counts wherever it stands.
            if (Recipient(group.Headers) is { } recipient)
            {
                recipients.Add(recipient);
            }

            if (group is not HeaderReadResult.Read(_, > 0 and var length))
            {
                break;
            }

            body = body[length..];
        }

        return recipients.Count == 0 ? null : new DeliveryStatusNotification(envelopeId, null, recipients);
    }

    private static RecipientStatus? Recipient(HeaderFields fields)
    {
        var final = fields.Text("Final-Recipient");
        var action = fields.Text("Action");
        var status = Status(fields.Text("Status"));
        return final is null && action is null && status is null
            ? null
            : new RecipientStatus(
                Address(final), Address(fields.Text("Original-Recipient")), Action(action, status), status, Diagnostic(fields.Text("Diagnostic-Code")));
    }

    // RFC 3464 §2.3.2: a type, a semicolon, the address; the type is missing, or the address in brackets, where programmers read no further.
    private static MailAddress? Address(string? field)
    {
        var text = (field ?? "").AsSpan();
        text = text[(text.IndexOf(';') + 1)..].Trim().TrimStart('<').TrimEnd('>');
        return MailAddress.TryParse(text, out var address) ? address : null;
    }

    // RFC 3464 §2.3.4: three numbers, then perhaps a comment.
    private static EnhancedStatus? Status(string? field)
    {
        var text = (field ?? "").AsSpan().Trim();
        var end = text.IndexOfAny(" \t(");
        return EnhancedStatus.TryParse(end < 0 ? text : text[..end], out var status) ? status : null;
    }

    private static DeliveryAction Action(string? field, EnhancedStatus? status)
    {
        var scanner = new HeaderScanner(field ?? "");
        return scanner.Token().ToString().ToLowerInvariant() switch
        {
            "failed" or "failure" => DeliveryAction.Failed,
            "delayed" => DeliveryAction.Delayed,
            "delivered" => DeliveryAction.Delivered,
            "relayed" => DeliveryAction.Relayed,
            "expanded" => DeliveryAction.Expanded,
            _ => OfClass(status?.Class),
        };
    }

    /// <summary>What a status alone says of the outcome.</summary>
    public static DeliveryAction OfClass(int? statusClass) => statusClass switch
    {
        2 => DeliveryAction.Delivered,
        4 => DeliveryAction.Delayed,
        5 => DeliveryAction.Failed,
        _ => DeliveryAction.Unknown,
    };

    private static string? Diagnostic(string? field)
    {
        if (field is null)
        {
            return null;
        }

        var text = HeaderText.Clean(field[(field.IndexOf(';', StringComparison.Ordinal) + 1)..]).Trim();
        return text.Length <= MaxDiagnostic ? text : text[..MaxDiagnostic];
    }
}
