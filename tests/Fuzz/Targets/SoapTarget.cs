using System.Text;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Fuzz.Targets;

/// <summary>Envelopes from octets, and the fault or echo that answers them.</summary>
internal sealed class SoapTarget : IFuzzTarget
{
    private static readonly string[] Charsets = ["utf-8", "us-ascii", "iso-8859-1", "utf-16", "windows-1252", "nonsense"];

    public string Name => "soap";

    public bool IsXml => true;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Fuzz.Seeds.Text("<?xml version=\"1.0\" encoding=\"UTF-8\"?><s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Header>"
            + "<h:a xmlns:h=\"urn:h\" s:mustUnderstand=\"1\" s:actor=\"http://schemas.xmlsoap.org/soap/actor/next\"/></s:Header><s:Body><a b=\"c\">d</a></s:Body></s:Envelope>"),
        Fuzz.Seeds.Text("<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:w=\"http://www.w3.org/2005/08/addressing\"><e:Header>"
            + "<w:MessageID>urn:uuid:1</w:MessageID><w:Action>urn:a</w:Action><w:ReplyTo><w:Address>mailto:a@b.example</w:Address>"
            + "<w:ReferenceParameters><x/></w:ReferenceParameters></w:ReplyTo></e:Header><e:Body><op xmlns=\"urn:m\"><![CDATA[x]]><!-- y --></op></e:Body></e:Envelope>"),
        Fuzz.Seeds.Text("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"),
        Encoding.Unicode.GetBytes("\ufeff<?xml version='1.0' encoding='utf-16'?><Envelope><Body/></Envelope>"),
        Fuzz.Seeds.Text(
            "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Header><r:Delivery xmlns:r=\"urn:soap-relay:v1\"><r:Digest><r:Events>20</r:Events>"
            + "<r:Minutes>15</r:Minutes></r:Digest><r:Coalesce/><r:Content>Items</r:Content><r:LargestMail>20000</r:LargestMail></r:Delivery></s:Header><s:Body><a/></s:Body></s:Envelope>"),
        Fuzz.Seeds.Text("<getOrder xmlns=\"urn:m\"><id>42</id></getOrder>"),
        .. Fuzz.Seeds.Envelopes(),
    ];

    public IReadOnlyList<string> Words { get; } =
    [
        "<!DOCTYPE x>", "<!ENTITY", "&lt;", "&#x0;", "&#13;", "<![CDATA[", "]]>", "<!--", "-->", "<?x y?>", "xmlns=\"\"", "xmlns:a=\"urn:a\"", " a:b=\"c\"", "<a>", "</a>", "<a/>",
        "http://www.w3.org/2003/05/soap-envelope", "http://schemas.xmlsoap.org/soap/envelope/", "s:mustUnderstand=\"1\"", "encoding=\"utf-7\"", "encoding=\"iso-8859-1\"", "\u0000", "\u00c3\u00bc",
    ];

    public string Read(byte[] input)
    {
        // Most in the charset that they are written in, or every second would be refused for that alone.
        var charset = input.Length % 29 is var index && index < Charsets.Length ? Charsets[index] : null;
        var result = SoapReader.Read(input, charset, SoapLimits.Default);
        var octets = result switch
        {
            SoapReadResult.Read(var envelope) => SoapWriter.Write(
                envelope.Version, envelope.Addressing.AnswerHeaders("urn:a", "urn:b"), writer => envelope.Body?.WriteTo(writer)),
            SoapReadResult.Faulted(var fault, var version, var envelope) => SoapWriter.WriteFault(
                version, envelope?.Addressing.AnswerHeaders(null, null, isFault: true) ?? [], fault),
            SoapReadResult.NotSoap(var payload, _) => SoapWriter.Write(SoapVersion.Soap11, [], payload),
            _ => throw new InvalidOperationException("an unknown result"),
        };
        if (result is SoapReadResult.Read(var read))
        {
            foreach (var block in read.Headers)
            {
                var wishes = DeliveryHeader.Read(block, out var fault);
                Promise.Holds(
                    fault is not null || DeliveryHeader.Read(DeliveryHeader.Write(wishes), out fault) == wishes, "wishes that can be granted can be written");
            }
        }

        Promise.Holds(octets[0] == (byte)'<', "no byte order mark is written");
        Promise.Holds(
            SoapReader.Read(octets, "utf-8", SoapLimits.Default with { MaxDepth = SoapLimits.Default.MaxDepth + 2 }, _ => true) is SoapReadResult.Read,
            "what is written can be read");
        return result switch
        {
            SoapReadResult.Faulted(_, _, null) => "refused",
            SoapReadResult.Faulted => "fault about an envelope",
            _ => result.GetType().Name,
        };
    }
}
