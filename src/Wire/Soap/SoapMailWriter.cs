using System.Text;
using Relay.Wire.Mime;

namespace Relay.Wire.Soap;

/// <summary>Lays a <see cref="SoapMail"/> out as octets.</summary>
internal static class SoapMailWriter
{
    private const string SoapMediaType = "application/soap+xml";

    // An id is echoed octet for octet; one this long is nobody's, and the header must stay within what readers take.
    private const int MaxId = 16 * 1024;

    public static byte[] Write(SoapMail mail)
    {
        using var writer = new MimeWriter(mail.Envelope.Length * 7 / 5 + 1024);
        WriteFields(writer, mail);
        if (mail.IsXop || mail.Attachments.Count > 0 || mail.Layout == SoapLayout.Related)
        {
            WriteRelated(writer, mail, Boundary(mail.MessageId));
        }
        else if (mail.Layout == SoapLayout.Mixed)
        {
            WriteParts(writer, mail, Boundary(mail.MessageId), "mixed", ("Content-Disposition", $"attachment; filename=\"{mail.FileName}\""));
        }
        else if (mail.Note is not null)
        {
            // RFC 2046 §5.1.4: the plainest branch first, so that mail programs show what they can and programs take the last.
            WriteParts(writer, mail, Boundary(mail.MessageId), "alternative", null);
        }
        else
        {
            WriteEnvelope(writer, mail, null);
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
            writer.RawField("In-Reply-To", mail.InReplyTo[..Math.Min(mail.InReplyTo.Length, MaxId)]);
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

    private static void WriteParts(MimeWriter writer, SoapMail mail, string boundary, string subtype, (string, string)? envelopeField)
    {
        writer.Field("Content-Type", $"multipart/{subtype}; boundary=\"{boundary}\"");
        writer.EmptyLine();
        if (mail.Note is not null)
        {
            writer.Delimiter(boundary);
            writer.Field("Content-Type", "text/plain; charset=utf-8");
            WriteBase64(writer, Encoding.UTF8.GetBytes(mail.Note.ReplaceLineEndings("\r\n")));
        }

        writer.Delimiter(boundary);
        WriteEnvelope(writer, mail, envelopeField);
        writer.CloseDelimiter(boundary);
    }

    // RFC 2387 §3.1: type is what the root is; start names it.
    private static void WriteRelated(MimeWriter writer, SoapMail mail, string boundary)
    {
        var root = "<root." + mail.MessageId.Trim('<', '>') + ">";
        var type = mail.IsXop ? $"\"{XopPackage.MediaType}\"; start-info=\"{mail.MediaType}\"" : $"\"{mail.MediaType}\"";
        writer.Field("Content-Type", $"multipart/related; type={type}; start=\"{root}\"; boundary=\"{boundary}\"");
        writer.EmptyLine();
        writer.Delimiter(boundary);
        WriteEnvelope(writer, mail, ("Content-ID", root));
        foreach (var attachment in mail.Attachments)
        {
            writer.Delimiter(boundary);
            writer.Field("Content-Type", attachment.MediaType);
            writer.Field("Content-ID", "<" + attachment.ContentId + ">");
            if (attachment.IsSevenBit)
            {
                writer.Field("Content-Transfer-Encoding", "7bit");
                writer.EmptyLine();
                writer.Append(attachment.Octets.Span);
                writer.EmptyLine(); // belongs to the delimiter
            }
            else
            {
                WriteBase64(writer, attachment.Octets.Span);
            }
        }

        writer.CloseDelimiter(boundary);
    }

    private static void WriteEnvelope(MimeWriter writer, SoapMail mail, (string Name, string Value)? extra)
    {
        // RFC 3902 §2: action is a parameter of application/soap+xml only; a package passes it on in its own.
        var action = mail.Action is { Length: > 0 } text && mail.MediaType == SoapMediaType
            ? "; action=\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\""
            : "";
        var type = mail.IsXop ? $"{XopPackage.MediaType}; charset=utf-8; type=\"{mail.MediaType}\"" : mail.MediaType + "; charset=utf-8";
        writer.Field("Content-Type", type + action);
        if (extra is { } field)
        {
            writer.Field(field.Name, field.Value);
        }

        // Base64 survives what gateways do to text: it has no bare line ends, no dots, no trailing spaces, and no footer is put into it.
        WriteBase64(writer, mail.Envelope.Span);
    }

    private static void WriteBase64(MimeWriter writer, ReadOnlySpan<byte> octets)
    {
        writer.Field("Content-Transfer-Encoding", "base64");
        writer.EmptyLine();
        writer.Base64(octets);
    }

    // RFC 2045 §6.7: "=_" stands in neither base64 nor quoted-printable, so the boundary is in no body.
    private static string Boundary(string messageId)
    {
        Span<char> boundary = stackalloc char[62];
        "=_".CopyTo(boundary);
        var length = 2;
        foreach (var character in messageId)
        {
            if (length < boundary.Length && char.IsAsciiLetterOrDigit(character))
            {
                boundary[length++] = character;
            }
        }

        return new string(boundary[..length]);
    }
}
