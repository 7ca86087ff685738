using Relay.Wire.Mime;

namespace Relay.Wire.Soap;

/// <summary>Lays a <see cref="SoapMail"/> out as octets.</summary>
internal static class SoapMailWriter
{
    public static byte[] Write(SoapMail mail)
    {
        var writer = new MimeWriter(mail.Envelope.Length * 7 / 5 + 1024);
        WriteFields(writer, mail);
        var boundary = Boundary(mail.MessageId);
        switch (mail.Layout)
        {
            case SoapLayout.Mixed:
                writer.Field("Content-Type", $"multipart/mixed; boundary=\"{boundary}\"");
                writer.EmptyLine();
                writer.Delimiter(boundary);
                WriteEnvelope(writer, mail, ("Content-Disposition", "attachment; filename=\"envelope.xml\""));
                writer.CloseDelimiter(boundary);
                break;
            case SoapLayout.Related:
                var root = "<root." + mail.MessageId.Trim('<', '>') + ">";
                writer.Field("Content-Type", $"multipart/related; type=\"{mail.MediaType}\"; start=\"{root}\"; boundary=\"{boundary}\"");
                writer.EmptyLine();
                writer.Delimiter(boundary);
                WriteEnvelope(writer, mail, ("Content-ID", root));
                writer.CloseDelimiter(boundary);
                break;
            default:
                WriteEnvelope(writer, mail, null);
                break;
        }

        return writer.ToArray();
    }

    private static void WriteFields(MimeWriter writer, SoapMail mail)
    {
        writer.Field("From", AddressList.Format(mail.FromName, mail.From));
        writer.Field("To", mail.To.ToString());

        // Departs from RFC 5322 §2.1.1, which would have lines under 78: programs that correlate by subject search the raw text for theirs.
        writer.LongField("Subject", EncodedWord.Encode(mail.Subject));
        writer.Field("Date", MailDate.Format(mail.Date));
        writer.Field("Message-ID", mail.MessageId);
        if (mail.InReplyTo is not null)
        {
            writer.RawField("In-Reply-To", mail.InReplyTo);
        }

        if (mail.References.Count > 0)
        {
            writer.RawField("References", mail.References);
        }

        writer.Field("Auto-Submitted", mail.AutoSubmitted);
        if (mail.AutoSubmitted == "auto-replied")
        {
            // What Exchange obeys: no out-of-office note, receipt or report comes back to an answer.
            writer.Field("X-Auto-Response-Suppress", "All");
        }

        foreach (var (name, value) in mail.ExtraFields)
        {
            writer.Field(name, EncodedWord.Encode(value));
        }

        writer.Field("MIME-Version", "1.0");
    }

    private static void WriteEnvelope(MimeWriter writer, SoapMail mail, (string Name, string Value)? extra)
    {
        // RFC 3902 §2: action is a parameter of application/soap+xml only.
        var action = mail.Action is { Length: > 0 } text && mail.MediaType == "application/soap+xml"
            ? "; action=\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\""
            : "";
        writer.Field("Content-Type", mail.MediaType + "; charset=utf-8" + action);
        if (extra is { } field)
        {
            writer.Field(field.Name, field.Value);
        }

        // Base64 survives what gateways do to text: it has no bare line ends, no dots, no trailing spaces, and no footer is put into it.
        writer.Field("Content-Transfer-Encoding", "base64");
        writer.EmptyLine();
        writer.Base64(mail.Envelope.Span);
    }

    // RFC 2045 §6.7: "=_" stands in neither base64 nor quoted-printable, so the boundary is in no body.
    private static string Boundary(string messageId)
    {
        var unique = messageId.Where(char.IsAsciiLetterOrDigit).Take(60).ToArray();
        return "=_" + new string(unique);
    }
}
