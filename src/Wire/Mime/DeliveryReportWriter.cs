using System.Globalization;
using System.Text;

namespace Relay.Wire.Mime;

/// <summary>
/// Writes a report as multipart/report (RFC 6522): a text for people, the fields for programs (RFC 3464), the mail or its header. Where anything in
/// it is beyond ASCII, in the forms of RFC 6533.
/// </summary>
public static class DeliveryReportWriter
{
    /// <summary>Of a header that goes back; what is longer helps nobody.</summary>
    private const int MostHeaderOctets = 64 * 1024;

    /// <summary>
    /// Of a mail that goes back whole. A report on a larger one would be refused where the mail was, for its size, and its sender not told; and many
    /// that fail at once are reported in one transaction.
    /// </summary>
    private const int MostWholeOctets = 256 * 1024;

    /// <summary>The whole mail, CRLF line ends. The envelope sender is to be the null one (RFC 3461 §6.1).</summary>
    public static byte[] Write(DeliveryReport report)
    {
        bool isWhole = report.ReturnsWhole && report.Mail.Length <= MostWholeOctets && report.Recipients.Any(recipient => recipient.Action == DeliveryAction.Failed);
        var returned = isWhole ? report.Mail.Span : HeaderOf(report.Mail.Span);
        byte[] text = Encoding.UTF8.GetBytes(Text(report).ReplaceLineEndings("\r\n"));
        byte[] status = Status(report);
        string boundary = Boundary(report);
        using var mail = new MimeWriter(returned.Length + status.Length + 4096);
        WriteHeader(mail, report, boundary, isAscii: Ascii.IsValid(status) && Ascii.IsValid(text) && Ascii.IsValid(returned));
        WritePart(mail, boundary, "text/plain; charset=utf-8", text);
        WritePart(mail, boundary, Ascii.IsValid(status) ? "message/delivery-status" : "message/global-delivery-status", status);
        string type = (isWhole, Ascii.IsValid(HeaderOf(report.Mail.Span))) switch
        {
            (true, true) => "message/rfc822",
            (true, false) => "message/global",
            (false, true) => "text/rfc822-headers",
            (false, false) => "message/global-headers",
        };
        WritePart(mail, boundary, type, returned);
        mail.CloseDelimiter(boundary);
        return mail.ToArray();
    }

    private static void WriteHeader(MimeWriter mail, DeliveryReport report, string boundary, bool isAscii)
    {
        mail.Field("From", $"Mail Delivery System <{report.From}>");
        mail.Field("To", report.To.ToString());
        mail.Field("Subject", Subject(report));
        mail.Field("Date", MailDate.Format(report.Date));
        mail.LongField("Message-ID", report.MessageId);
        // RFC 3834 §5: so that nobody answers.
        mail.Field("Auto-Submitted", "auto-replied");
        mail.Field("MIME-Version", "1.0");
        mail.Field("Content-Type", $"multipart/report; report-type=delivery-status; boundary=\"{boundary}\"");
        mail.Field("Content-Transfer-Encoding", isAscii ? "7bit" : "8bit");
        mail.EmptyLine();
    }

    private static void WritePart(MimeWriter mail, string boundary, string type, ReadOnlySpan<byte> body)
    {
        mail.Delimiter(boundary);
        mail.Field("Content-Type", type);
        mail.Field("Content-Transfer-Encoding", Ascii.IsValid(body) ? "7bit" : "8bit");
        mail.EmptyLine();
        mail.Append(body);
        if (!body.IsEmpty && !body.EndsWith("\r\n"u8))
        {
            mail.EmptyLine();
        }

        mail.EmptyLine(); // the line end before a delimiter belongs to it (RFC 2046 §5.1.1)
    }

    private static byte[] Status(DeliveryReport report)
    {
        using var status = new MimeWriter();
        status.LongField("Reporting-MTA", $"dns; {report.ReportingServer}");
        if (report.EnvelopeId is { } envelopeId)
        {
            status.LongField("Original-Envelope-Id", envelopeId);
        }

        status.LongField("Arrival-Date", MailDate.Format(report.ArrivedAt));
        foreach (var recipient in report.Recipients)
        {
            status.EmptyLine();
            WriteRecipient(status, recipient);
        }

        return status.ToArray();
    }

    private static void WriteRecipient(MimeWriter status, ReportedRecipient recipient)
    {
        if (recipient.OriginalRecipient is { } original)
        {
            int semicolon = original.IndexOf(';', StringComparison.Ordinal);
            status.LongField("Original-Recipient", $"{original[..(semicolon + 1)]} {original[(semicolon + 1)..]}");
        }

        status.LongField("Final-Recipient", $"{(recipient.Address.IsAscii ? "rfc822" : "utf-8")}; {recipient.Address}");
        status.Field("Action", Word(recipient.Action));
        status.Field("Status", recipient.Status.ToString());
        if (recipient.RemoteServer is { } server)
        {
            status.LongField("Remote-MTA", $"dns; {server}");
        }

        if (recipient.Diagnostic is { } diagnostic)
        {
            status.LongField("Diagnostic-Code", $"smtp; {diagnostic}");
        }

        if (recipient.WillRetryUntil is { } until)
        {
            status.Field("Will-Retry-Until", MailDate.Format(until));
        }
    }

    private static string Text(DeliveryReport report)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"This is the mail system at {report.ReportingServer}, about a mail of yours.\n\n");
        foreach (var recipient in report.Recipients)
        {
            text.Append(CultureInfo.InvariantCulture, $"<{recipient.Address}>: {Sentence(recipient)}\n");
        }

        return text.ToString();
    }

    private static string Subject(DeliveryReport report) => report.Recipients.Max(recipient => Gravity(recipient.Action)) switch
    {
        3 => "Your mail was not delivered",
        2 => "Your mail is delayed",
        1 => "Your mail was passed on",
        _ => "Your mail was delivered",
    };

    private static int Gravity(DeliveryAction action) => action switch
    {
        DeliveryAction.Failed => 3,
        DeliveryAction.Delayed => 2,
        DeliveryAction.Relayed or DeliveryAction.Expanded => 1,
        DeliveryAction.Delivered => 0,
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    private static string Sentence(ReportedRecipient recipient) => recipient.Action switch
    {
        DeliveryAction.Failed => $"not delivered ({recipient.Status}){Reason(recipient)}",
        DeliveryAction.Delayed => $"not delivered yet ({recipient.Status}){Reason(recipient)}; it is tried until {recipient.WillRetryUntil?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC, you need do nothing",
        DeliveryAction.Relayed => "passed on to a server that sends no such reports",
        DeliveryAction.Expanded => "passed on to several others",
        DeliveryAction.Delivered => "delivered",
        _ => throw new ArgumentOutOfRangeException(nameof(recipient)),
    };

    private static string Reason(ReportedRecipient recipient) => recipient.Diagnostic is { } diagnostic ? $": {HeaderText.Clean(diagnostic)}" : "";

    private static string Word(DeliveryAction action) => action switch
    {
        DeliveryAction.Failed => "failed",
        DeliveryAction.Delayed => "delayed",
        DeliveryAction.Delivered => "delivered",
        DeliveryAction.Relayed => "relayed",
        DeliveryAction.Expanded => "expanded",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    // Nobody who writes a mail knows the id of the report on it, so that no line of the mail can be the delimiter.
    private static string Boundary(DeliveryReport report) =>
        $"report-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(report.MessageId)).AsSpan(0, 16))}";

    private static ReadOnlySpan<byte> HeaderOf(ReadOnlySpan<byte> mail)
    {
        if (mail.StartsWith("\r\n"u8))
        {
            return [];
        }

        int end = mail.IndexOf("\r\n\r\n"u8);
        var header = end < 0 ? mail : mail[..(end + 2)];
        return header.Length <= MostHeaderOctets ? header : header[..(header[..MostHeaderOctets].LastIndexOf("\r\n"u8) is var cut and >= 0 ? cut + 2 : 0)];
    }
}
