using System.Diagnostics;
using System.Text;
using Relay.TestKit;
using Relay.Wire.Smtp;
using Relay.Wire.Soap;

namespace Relay.Wire.Tests.Soap;

/// <summary>What we mail, read by a library that is not ours.</summary>
public sealed class PythonReadsTests
{
    // Prints what a client looks at: the id answered, the subject, the first part that is XML and its media type, and any defect found.
    private const string Script = """
        import sys, email, email.policy
        mail = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
        part = [p for p in mail.walk() if p.get_content_type() in ('text/xml', 'application/soap+xml', 'application/xop+xml')][0]
        print(mail['In-Reply-To'], mail['Subject'], mail.get_content_type(), part.get_content_type(), sep='|')
        print(part.get_payload(decode=True).decode('utf-8'))
        print([d for p in mail.walk() for d in p.defects])
        """;

    [Theory]
    [InlineData("flat", SoapLayout.Flat, null, false, "application/soap+xml|application/soap+xml")]
    [InlineData("flat with a note", SoapLayout.Flat, "Gr\u00fc\u00dfe", false, "multipart/alternative|application/soap+xml")]
    [InlineData("mixed", SoapLayout.Mixed, null, false, "multipart/mixed|application/soap+xml")]
    [InlineData("related", SoapLayout.Related, null, false, "multipart/related|application/soap+xml")]
    [InlineData("packaged", SoapLayout.Related, null, true, "multipart/related|application/xop+xml")]
    public async Task Python_reads_every_layout(string why, SoapLayout layout, string? note, bool isXop, string types)
    {
        if (Peers.Find("python3") is not { } python)
        {
            Assert.Skip(Peers.Missing("python3"));
            return;
        }

        const string Envelope = "<e>Gr\u00fc\u00dfe \u20ac</e>";
        var mail = new SoapMail
        {
            From = Address("ews@gateway.example"),
            FromName = "Gateway \u00fc",
            To = Address("app@branch.example"),
            Subject = MailBinding.ReplySubject("Auftrag f\u00fcr M\u00fcller"),
            MessageId = "<17@gateway.example>",
            InReplyTo = "<1@branch.example>",
            Date = DateTimeOffset.UnixEpoch,
            AutoSubmitted = "auto-replied",
            Layout = layout,
            Note = note,
            IsXop = isXop,
            MediaType = "application/soap+xml",
            Action = "urn:a",
            Envelope = Encoding.UTF8.GetBytes(Envelope),
        };
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, MailBinding.Compose(mail));
            var printed = await PrintedAsync(python, file);
            Assert.Equal($"<1@branch.example>|Re: Auftrag f\u00fcr M\u00fcller|{types}\n{Envelope}\n[]\n", printed);
        }
        finally
        {
            File.Delete(file);
        }

        Assert.NotEmpty(why);
    }

    private static async Task<string> PrintedAsync(string python, string file)
    {
        var start = new ProcessStartInfo(python) { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 };
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Script);
        start.ArgumentList.Add(file);
        using var process = Process.Start(start)!;
        var printed = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return printed;
    }

    private static MailAddress Address(string text) => MailAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text);
}
