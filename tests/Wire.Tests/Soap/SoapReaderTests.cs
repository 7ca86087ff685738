using System.Text;
using System.Xml.Linq;
using Relay.Wire.Soap;

namespace Relay.Wire.Tests.Soap;

public sealed class SoapReaderTests
{
    private const string Ns11 = "http://schemas.xmlsoap.org/soap/envelope/";
    private const string Ns12 = "http://www.w3.org/2003/05/soap-envelope";

    [Theory]
    [InlineData("1.1", Ns11, SoapVersion.Soap11)]
    [InlineData("1.2", Ns12, SoapVersion.Soap12)]
    public void The_namespace_says_the_version(string why, string ns, SoapVersion version)
    {
        var envelope = Read($"<e:Envelope xmlns:e='{ns}' e:encodingStyle='x'><e:Body><m:op xmlns:m='urn:m'/></e:Body></e:Envelope>");
        Assert.True(version == envelope.Version, why);
        Assert.Equal(XName.Get("op", "urn:m"), envelope.Body?.Name);
    }

    [Theory]
    [InlineData("a draft", "<e:Envelope xmlns:e='http://www.w3.org/2002/06/soap-envelope'><e:Body/></e:Envelope>")]
    [InlineData("no namespace", "<Envelope><Body/></Envelope>")]
    public void Another_namespace_is_a_version_mismatch_with_upgrade(string why, string xml)
    {
        var fault = Fault(xml, SoapVersion.Soap11);
        Assert.True(SoapFaultCode.VersionMismatch == fault.Code, why);
        var upgrade = Assert.Single(fault.HeaderBlocks);
        Assert.Equal(XName.Get("Upgrade", Ns12), upgrade.Name);
        Assert.Equal([Ns12, Ns11], upgrade.Elements().Select(e => e.GetNamespaceOfPrefix("ns")?.NamespaceName));
    }

    [Theory]
    [InlineData("1.1 marks with 1", Ns11, "e:mustUnderstand='1'", true)]
    [InlineData("1.2 marks with true", Ns12, "e:mustUnderstand='true'", true)]
    [InlineData("1.2 marks with 1", Ns12, "e:mustUnderstand='1'", true)]
    [InlineData("false", Ns12, "e:mustUnderstand='false'", false)]
    [InlineData("not marked", Ns11, "", false)]
    [InlineData("for the next", Ns11, "e:mustUnderstand='1' e:actor='http://schemas.xmlsoap.org/soap/actor/next'", true)]
    [InlineData("for another", Ns11, "e:mustUnderstand='1' e:actor='urn:other'", false)]
    [InlineData("for the next, 1.2", Ns12, "e:mustUnderstand='1' e:role='http://www.w3.org/2003/05/soap-envelope/role/next'", true)]
    [InlineData("for nobody", Ns12, "e:mustUnderstand='1' e:role='http://www.w3.org/2003/05/soap-envelope/role/none'", false)]
    public void A_block_that_must_be_understood_is_a_fault(string why, string ns, string marks, bool refused)
    {
        var xml = $"<e:Envelope xmlns:e='{ns}'><e:Header><h:x xmlns:h='urn:h' {marks}/></e:Header><e:Body><a/></e:Body></e:Envelope>";
        var result = SoapReader.Read(xml, SoapLimits.Default);
        Assert.True(refused == (result is SoapReadResult.Faulted { Fault.Code: SoapFaultCode.MustUnderstand }), why);
    }

    [Fact]
    public void Blocks_not_understood_are_named_in_soap_12()
    {
        var fault = Fault(
            $"<e:Envelope xmlns:e='{Ns12}'><e:Header><h:x xmlns:h='urn:h' e:mustUnderstand='1'/></e:Header><e:Body/></e:Envelope>", SoapVersion.Soap12);
        var block = Assert.Single(fault.HeaderBlocks);
        Assert.Equal("nu:x", block.Attribute("qname")?.Value);
        Assert.Equal("urn:h", block.GetNamespaceOfPrefix("nu")?.NamespaceName);
    }

    [Theory]
    [InlineData("a document type", "<!DOCTYPE a><e:Envelope xmlns:e='" + Ns12 + "'><e:Body/></e:Envelope>", "document type")]
    [InlineData("an entity", "<!DOCTYPE a [<!ENTITY x 'y'>]><e:Envelope xmlns:e='" + Ns12 + "'><e:Body>&x;</e:Body></e:Envelope>", "document type")]
    [InlineData("a processing instruction", "<?x y?><e:Envelope xmlns:e='" + Ns12 + "'><e:Body/></e:Envelope>", "processing instruction")]
    [InlineData("one inside", "<e:Envelope xmlns:e='" + Ns12 + "'><e:Body><?x?></e:Body></e:Envelope>", "processing instruction")]
    [InlineData("not closed", "<e:Envelope xmlns:e='" + Ns12 + "'><e:Body>", "not well-formed")]
    [InlineData("no body", "<e:Envelope xmlns:e='" + Ns12 + "'/>", "no Body")]
    [InlineData("something after the body", "<e:Envelope xmlns:e='" + Ns12 + "'><e:Body/><x/></e:Envelope>", "follows the Body")]
    public void What_soap_forbids_is_the_senders_fault(string why, string xml, string says)
    {
        var fault = Fault(xml, SoapVersion.Soap12);
        Assert.True(SoapFaultCode.Client == fault.Code, why);
        Assert.Contains(says, fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_processing_instruction_can_be_let_pass() =>
        Assert.IsType<SoapReadResult.Read>(SoapReader.Read(
            $"<?x y?><e:Envelope xmlns:e='{Ns12}'><e:Body/></e:Envelope>", SoapLimits.Default with { AllowProcessingInstructions = true }));

    [Theory]
    [InlineData("the byte order mark first", "utf-16", "iso-8859-1", null, true)]
    [InlineData("the parameter before the declaration", "iso-8859-1", "iso-8859-1", "utf-8", false)]
    [InlineData("the declaration where no parameter", "iso-8859-1", null, "iso-8859-1", false)]
    [InlineData("the declaration before a careless us-ascii", "iso-8859-1", "us-ascii", "iso-8859-1", false)]
    [InlineData("UTF-8 under a careless us-ascii", "utf-8", "us-ascii", null, false)]
    [InlineData("UTF-8 where nothing is said", "utf-8", null, null, false)]
    [InlineData("a code page", "windows-1252", "windows-1252", null, false)]
    [InlineData("the declaration where the parameter cannot be true", "iso-8859-1", "utf-8", "iso-8859-1", false)]
    public void The_character_set_is_found(string why, string encoding, string? charset, string? declared, bool mark)
    {
        var declaration = declared is null ? "" : $"<?xml version='1.0' encoding='{declared}'?>";
        var xml = $"{declaration}<e:Envelope xmlns:e='{Ns11}'><e:Body><a>Gr\u00fc\u00dfe</a></e:Body></e:Envelope>";
        var by = CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding);
        byte[] octets = [.. mark ? by.GetPreamble() : [], .. by.GetBytes(xml)];
        var read = Assert.IsType<SoapReadResult.Read>(SoapReader.Read(octets, charset, SoapLimits.Default));
        Assert.True("Gr\u00fc\u00dfe" == read.Envelope.Body?.Value, why);
    }

    [Fact]
    public void Octets_that_are_no_text_are_a_fault() =>
        Assert.IsType<SoapReadResult.Faulted>(SoapReader.Read(new byte[] { (byte)'<', 0xff, (byte)'/', (byte)'>' }, "utf-8", SoapLimits.Default));

    [Fact]
    public void Addressing_is_read_and_answered()
    {
        var envelope = Read($"""
            <e:Envelope xmlns:e='{Ns12}' xmlns:w='http://www.w3.org/2005/08/addressing'><e:Header>
              <w:MessageID e:mustUnderstand='1'>urn:uuid:1</w:MessageID><w:Action>urn:a</w:Action><w:To>mailto:s@g.example</w:To>
              <w:ReplyTo><w:Address>mailto:c@p.example</w:Address><w:ReferenceParameters><x xmlns='urn:x'>7</x></w:ReferenceParameters></w:ReplyTo>
            </e:Header><e:Body><a/></e:Body></e:Envelope>
            """);
        Assert.Equal("mailto:c@p.example", envelope.Addressing.FaultTarget?.Address);
        var answer = envelope.Addressing.AnswerHeaders("urn:b", "urn:uuid:2");
        Assert.Equal(["To", "Action", "MessageID", "RelatesTo", "x"], answer.Select(h => h.Name.LocalName));
        Assert.Equal("urn:uuid:1", answer[3].Value);
        Assert.Equal("true", answer[4].Attribute(WsAddressing.Namespace2005 + "IsReferenceParameter")?.Value);
        Assert.Null(envelope.Addressing.ActionConflict("urn:a"));
        Assert.Equal("ActionMismatch", envelope.Addressing.ActionConflict("urn:z")?.Subsubcode?.LocalName);
    }

    [Theory]
    [InlineData("twice", "<w:To>a</w:To><w:To>b</w:To>", "InvalidCardinality")]
    [InlineData("no address", "<w:ReplyTo/>", "MissingAddressInEPR")]
    [InlineData("two relations are allowed", "<w:RelatesTo>a</w:RelatesTo><w:RelatesTo>b</w:RelatesTo>", null)]
    public void Addressing_that_cannot_be_obeyed_is_a_fault(string why, string headers, string? expected)
    {
        var envelope = Read($"<e:Envelope xmlns:e='{Ns12}' xmlns:w='http://www.w3.org/2005/08/addressing'><e:Header>{headers}</e:Header><e:Body/></e:Envelope>");
        Assert.True(expected == envelope.Addressing.Fault?.Subsubcode?.LocalName, why);
    }

    [Fact]
    public void A_bare_payload_is_wrapped()
    {
        var payload = Assert.IsType<SoapReadResult.NotSoap>(SoapReader.Read("<getOrder xmlns='urn:m'/>", SoapLimits.Default));
        var wrapped = SoapReader.Wrap(payload.Payload, SoapVersion.Soap11);
        Assert.Equal(XName.Get("getOrder", "urn:m"), Read(wrapped.Xml).Body?.Name);
    }

    [Theory]
    [InlineData(SoapVersion.Soap11, "soap:Client")]
    [InlineData(SoapVersion.Soap12, "soap:Sender")]
    public void Faults_have_the_shape_of_their_version(SoapVersion version, string code)
    {
        var octets = SoapWriter.WriteFault(version, [], new SoapFault(SoapFaultCode.Client, "why & how") { Detail = new XElement("detail", new XElement("d")) });
        var read = Assert.IsType<SoapReadResult.Read>(SoapReader.Read(octets, "utf-8", SoapLimits.Default));
        Assert.True(read.Envelope.IsFault);
        Assert.Equal(version, read.Envelope.Version);
        var fault = read.Envelope.Body!;
        XNamespace ns = version == SoapVersion.Soap12 ? Ns12 : "";
        Assert.Equal(code, (version == SoapVersion.Soap12 ? fault.Element(ns + "Code")?.Element(ns + "Value") : fault.Element("faultcode"))?.Value);
        Assert.Equal("why & how", (version == SoapVersion.Soap12 ? fault.Element(ns + "Reason")?.Element(ns + "Text") : fault.Element("faultstring"))?.Value);
        Assert.NotNull(fault.Element(ns + (version == SoapVersion.Soap12 ? "Detail" : "detail"))?.Element("d"));
    }

    [Fact]
    public void Text_comes_back_as_it_was_written()
    {
        const string Text = " a\r\nb\rc\n.\n\t]]> & < \u20ac \U0001F4E7 ";
        var octets = SoapWriter.Write(SoapVersion.Soap11, [], new XElement("a", new XAttribute("b", Text), Text));
        Assert.StartsWith("<?xml version=\"1.0\" encoding=\"utf-8\"?>", Encoding.UTF8.GetString(octets), StringComparison.Ordinal);
        var read = Assert.IsType<SoapReadResult.Read>(SoapReader.Read(octets, null, SoapLimits.Default));
        Assert.Equal(Text, read.Envelope.Body?.Value);
        Assert.Equal(Text, read.Envelope.Body?.Attribute("b")?.Value);
    }

    private static SoapEnvelope Read(string xml) => Assert.IsType<SoapReadResult.Read>(SoapReader.Read(xml, SoapLimits.Default)).Envelope;

    private static SoapFault Fault(string xml, SoapVersion version)
    {
        var faulted = Assert.IsType<SoapReadResult.Faulted>(SoapReader.Read(xml, SoapLimits.Default));
        Assert.Equal(version, faulted.Version);
        return faulted.Fault;
    }
}
