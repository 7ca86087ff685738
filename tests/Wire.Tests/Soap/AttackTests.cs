using Relay.Fuzz;
using Relay.Wire.Mime;
using Relay.Wire.Soap;
using Relay.Wire.Tests.Mime;

namespace Relay.Wire.Tests.Soap;

/// <summary>Mails made to hurt: each is refused with a sentence, in less than a second and 50 MB.</summary>
public sealed class AttackTests(ITestOutputHelper output)
{
    private const long MaxBytes = 50 * 1024 * 1024;
    private const int Mega = 1024 * 1024;

    [Theory]
    [InlineData("billion laughs", "document type")]
    [InlineData("quadratic blow-up", "document type")]
    [InlineData("external entity", "document type")]
    [InlineData("external document type", "document type")]
    [InlineData("parameter entity", "document type")]
    [InlineData("200,000 levels", "inside each other")]
    [InlineData("6,000 attributes", "attributes")]
    [InlineData("200,000 attributes", "tag")]
    [InlineData("3,000 namespaces", "attributes")]
    [InlineData("150,000 namespaces", "tag")]
    [InlineData("a namespace a level", "inside each other")]
    [InlineData("100,000 character references", "well-formed")]
    [InlineData("a name of 3 MB", "tag")]
    [InlineData("an attribute of 3 MB", "tag")]
    [InlineData("a million elements", "elements")]
    [InlineData("a processing instruction of 3 MB", "processing instruction")]
    [InlineData("3 MB that never close", "well-formed")]
    [InlineData("8 MB of text", "characters")]
    public void Xml_attacks_are_refused(string attack, string says)
    {
        var mail = Mails.Octets("Content-Type: text/xml\n\n" + Xml(attack));
        var fault = Assert.IsType<SoapReadResult.Faulted>(Measure(attack, () =>
        {
            var found = MailBinding.Read(Mails.Read(mail), MimeLimits.Default);
            var request = found is SoapMailReadResult.Found(var one) ? one : ((SoapMailReadResult.NotSoap)found).Request;
            return SoapReader.Read(request, SoapLimits.Default, MimeLimits.Default);
        })).Fault;
        Assert.Equal(SoapFaultCode.Client, fault.Code);
        Assert.Contains(says, fault.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10,000 parts", MimeFaultKind.TooManyParts)]
    [InlineData("10,000 multiparts inside each other", MimeFaultKind.TooDeep)]
    [InlineData("one field of 10 MB", MimeFaultKind.HeaderTooLong)]
    [InlineData("a field of 10 MB in short lines", MimeFaultKind.HeaderTooLong)]
    [InlineData("10 MB of fields", MimeFaultKind.TooManyFields)]
    [InlineData("1,000,000 fields of two octets", MimeFaultKind.TooManyFields)]
    [InlineData("10,000 multiparts that share one boundary", MimeFaultKind.TooManyParts)]
    [InlineData("boundaries that begin alike", MimeFaultKind.TooManyParts)]
    [InlineData("a part's header of 10 MB", MimeFaultKind.HeaderTooLong)]
    public void Mime_attacks_are_refused(string attack, MimeFaultKind expected)
    {
        var mail = Mime(attack);
        var refused = Assert.IsType<MimeReadResult.Refused>(Measure(attack, () => MimeReader.Read(mail, MimeLimits.Default)));
        Assert.Equal(expected, refused.Fault.Kind);
    }

    [Theory]
    [InlineData("nothing but envelopes", "<Envelope>")]
    [InlineData("nothing but ends", "</s:Envelope>")]
    [InlineData("nothing but the word", "Envelope ")]
    [InlineData("nothing but declarations", "<?xml ")]
    [InlineData("nothing but document types", "<!DOCTYPE ")]
    [InlineData("nothing but comments", "<!--")]
    [InlineData("nothing but brackets", "<")]
    [InlineData("nothing but delimiters", "--b")]
    [InlineData("nothing but lines", "\n")]
    [InlineData("nothing but escapes", "=")]
    [InlineData("nothing but soft line ends", "=\n")]
    [InlineData("nothing but spaces", " ")]
    [InlineData("nothing but one letter, on one line", "a")]
    [InlineData("nothing but base64's padding", "=")]
    [InlineData("nothing but close delimiters", "--b--\n")]
    [InlineData("nothing but entities", "&a;")]
    [InlineData("nothing but sections", "<![CDATA[")]
    public void A_body_of_one_thing_costs_little(string attack, string piece)
    {
        // 10 MB as they lie in the mail, where a line end has two octets: what the relay takes by default.
        var body = string.Concat(Enumerable.Repeat(piece, 10 * Mega / Mails.Octets(piece).Length));
        foreach (var type in new[] { "text/plain", "text/xml", "multipart/mixed; boundary=b", "text/plain\nContent-Transfer-Encoding: quoted-printable", "text/xml\nContent-Transfer-Encoding: base64", "text/xml; charset=utf-16" })
        {
            var mail = Mails.Octets($"Content-Type: {type}\n\n{body}");
            Measure(attack, () =>
            {
                if (MimeReader.Read(mail, MimeLimits.Default) is MimeReadResult.Read(var root)
                    && MailBinding.Read(root, MimeLimits.Default) is SoapMailReadResult.Found(var request))
                {
                    Assert.IsNotType<SoapReadResult.Read>(SoapReader.Read(request, SoapLimits.Default, MimeLimits.Default));
                }

                return 0;
            });
        }
    }

    [Theory]
    [InlineData("From", "(")]
    [InlineData("From", "a@b.example,")]
    [InlineData("From", "a ")]
    [InlineData("From", "<")]
    [InlineData("From", "\"\\")]
    [InlineData("From", "=?a?q?")]
    [InlineData("Subject", "=?utf-8?q?")]
    [InlineData("Subject", "=?utf-8?b?QQ==?= ")]
    [InlineData("References", "<a@b> ")]
    [InlineData("References", "(")]
    [InlineData("Content-Type", "a/b; x*0=")]
    [InlineData("Content-Type", "; x*1*=%aa")]
    [InlineData("Content-Type", "(")]
    [InlineData("Auto-Submitted", "(((")]
    [InlineData("From", "(\\")]
    [InlineData("From", "()")]
    [InlineData("From", "a:;")]
    [InlineData("Reply-To", "\"a\" <a@b.example>,")]
    [InlineData("Subject", "=?=?")]
    [InlineData("Subject", "=?utf-8*a?q?=0D?= ")]
    [InlineData("Content-Type", "a/b; x*99*=''")]
    [InlineData("Content-Type", "a/b; x*0*=a'b'c; ")]
    [InlineData("Content-Type", "a/b; x=\"\\\"\"; ")]
    [InlineData("Content-Transfer-Encoding", "(base64)")]
    [InlineData("SOAPAction", "\"")]
    [InlineData("Date", "(()")]
    public void A_field_of_one_thing_costs_little(string name, string piece)
    {
        var mail = Mails.Octets($"{name}: {string.Concat(Enumerable.Repeat(piece, 60_000 / piece.Length))}\n\nx");
        Measure(name + ": " + piece, () =>
        {
            var root = Mails.Read(mail);
            _ = MailClassifier.Classify(hasNullReversePath: false, root.Headers);
            var text = root.Headers.Text(name) ?? "";
            _ = EncodedWord.Decode(text).Length + AddressList.Parse(text).Count + ContentType.Parse(text).Parameters.Count;
            _ = MailDate.TryParse(text, out _);
            return MailBinding.ReferencesFor(MailBinding.Read(root, MimeLimits.Default).Facts).Count;
        });
    }

    private static string Xml(string attack) => attack switch
    {
        "billion laughs" => "<!DOCTYPE l [<!ENTITY a0 'lol'>" + string.Concat(Enumerable.Range(1, 10).Select(i => $"<!ENTITY a{i} '{string.Concat(Enumerable.Repeat($"&a{i - 1};", 10))}'>"))
            + "]>" + Envelope("&a10;"),
        "quadratic blow-up" => "<!DOCTYPE l [<!ENTITY a '" + new string('x', 100_000) + "'>]>" + Envelope(string.Concat(Enumerable.Repeat("&a;", 100_000))),
        "external entity" => "<!DOCTYPE l [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" + Envelope("&a;"),
        "external document type" => "<!DOCTYPE l SYSTEM 'http://127.0.0.1:1/x.dtd'>" + Envelope(""),
        "parameter entity" => "<!DOCTYPE l [<!ENTITY % a SYSTEM 'http://127.0.0.1:1/x'>%a;]>" + Envelope(""),
        "200,000 levels" => Envelope(string.Concat(Enumerable.Repeat("<a>", 200_000)) + string.Concat(Enumerable.Repeat("</a>", 200_000))),
        "6,000 attributes" => Envelope(Attributes(6_000, "a")),
        "200,000 attributes" => Envelope(Attributes(200_000, "a")),
        "3,000 namespaces" => Envelope(Attributes(3_000, "xmlns:a")),
        "150,000 namespaces" => Envelope(Attributes(150_000, "xmlns:a")),
        "a namespace a level" => Envelope(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"<a xmlns:n{i}='u:{i}'>"))),
        "100,000 character references" => Envelope("<a b='" + string.Concat(Enumerable.Repeat("&#60;", 10_000)) + "'>" + string.Concat(Enumerable.Repeat("&#38;", 100_000)) + "&c;</a>"),
        "a name of 3 MB" => Envelope("<" + new string('a', 3 * Mega) + "/>"),
        "an attribute of 3 MB" => Envelope("<a b='" + new string('>', 3 * Mega) + "'/>"),
        "a million elements" => Envelope(string.Concat(Enumerable.Repeat("<a/>", 1_000_000))),
        "a processing instruction of 3 MB" => Envelope("<?a " + new string('b', 3 * Mega) + "?>"),
        "3 MB that never close" => Envelope("<a>" + new string('b', 3 * Mega))[..^30],
        _ => Envelope("<a>" + new string('b', 8 * Mega) + "</a>"),
    };

    private static string Attributes(int count, string name) => "<a " + string.Join(' ', Enumerable.Range(0, count).Select(i => $"{name}{i}='u:{i}'")) + "/>";

    private static string Envelope(string body) => $"<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>{body}</s:Body></s:Envelope>";

    private static byte[] Mime(string attack) => Mails.Octets(attack switch
    {
        "10,000 parts" => "Content-Type: multipart/mixed; boundary=b\n\n" + string.Concat(Enumerable.Repeat("--b\n\nx\n", 10_000)),
        "10,000 multiparts inside each other" =>
            string.Concat(Enumerable.Range(0, 10_000).Select(i => $"Content-Type: multipart/mixed; boundary=b{i}x\n\n--b{i}x\n")),
        "1,000,000 fields of two octets" => string.Concat(Enumerable.Repeat("X:\n", 1_000_000)) + "\nbody",
        "10,000 multiparts that share one boundary" => string.Concat(Enumerable.Repeat("Content-Type: multipart/mixed; boundary=b\n\n--b\n", 10_000)),
        "boundaries that begin alike" => "Content-Type: multipart/mixed; boundary=b\n\n" + string.Concat(Enumerable.Repeat("--bb\n\n", 1_000_000)) + string.Concat(Enumerable.Repeat("--b\n\n", 200)),
        "one field of 10 MB" => "X: " + new string('x', 10 * Mega) + "\n\nbody",
        "a field of 10 MB in short lines" => "X: y\n" + string.Concat(Enumerable.Repeat(" x\n", 10 * Mega / 3)) + "\nbody",
        "10 MB of fields" => string.Concat(Enumerable.Repeat("X: y\n", 2 * Mega)) + "\nbody",
        _ => "Content-Type: multipart/mixed; boundary=b\n\n--b\nX: " + new string('x', 10 * Mega) + "\n\nbody",
    });

    private T Measure<T>(string attack, Func<T> read)
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = CpuClock.Now;
        var result = read();
        var time = CpuClock.Now - start;
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        output.WriteLine($"{attack}: {time.TotalMilliseconds:F1} ms, {bytes / 1024.0 / 1024.0:F2} MB");
        Assert.True(time < TimeSpan.FromSeconds(1), $"{attack} took {time}");
        Assert.True(bytes < MaxBytes, $"{attack} took {bytes} bytes");
        return result;
    }
}
