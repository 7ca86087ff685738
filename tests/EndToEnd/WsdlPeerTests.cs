using System.Text;
using Relay.EndToEnd.Harness;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.EndToEnd;

/// <summary>A client that others' tools make from the WSDL that wsdl@ mails; skips, saying so, where the tool is missing.</summary>
public sealed class WsdlPeerTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private readonly Gateway _gateway = fixture.Gateway;

    [Theory]
    [InlineData("getMonth", "SOAP::Data->name(year => 2003), SOAP::Data->name(month => 1)", "January 2003")]
    [InlineData("Ping", "", "PingResponse")]
    public async Task Perls_soap_lite_calls_what_it_read_in_the_WSDL(string operation, string arguments, string answered)
    {
        Assert.SkipUnless(await Peers.HasPerlModuleAsync("SOAP::Lite"), Peers.Missing("Perl's SOAP::Lite"));
        Assert.SkipUnless(await Peers.HasPerlModuleAsync("MIME::Lite"), Peers.Missing("Perl's MIME::Lite"));
        string client = $"{operation.ToLowerInvariant()}@wsdl.example";
        using var folder = new TempFolder();

        // Where its mail server is, SOAP::Lite is told in the address and nowhere else.
        string wsdl = (await AskForWsdlAsync(client)).Replace("@localhost\"", $"@localhost?From={client}&amp;smtp=127.0.0.1:{_gateway.SmtpPort}\"", StringComparison.Ordinal);
        await using RunningProgram perl = RunningProgram.Start(new ProgramStart(Peers.Find("perl")!)
        {
            Arguments = ["-MSOAP::Lite", "-e", $"SOAP::Lite->service('file:' . $ARGV[0])->{operation}({arguments});", folder.Write("relay.wsdl", wsdl)],
        });
        Assert.True(await perl.ExitAsync(TimeSpan.FromSeconds(60)) == 0, perl.Transcript);

        RecordedMail answer = await _gateway.Smarthost.MailAsync(
            mail => mail.Recipient == client && !mail.Field("From")!.Contains("wsdl@", StringComparison.Ordinal), "an answer");
        Assert.Contains(answered, answer.BodyText, StringComparison.Ordinal);
    }

    private async Task<string> AskForWsdlAsync(string client)
    {
        string id = $"<wsdl.{client}>";
        await _gateway.MailAsync(client, "wsdl@localhost", Soap.Mail(client, "wsdl@localhost", id, "Your WSDL, please.", "text/plain"));
        RecordedMail answer = await _gateway.AnswerToAsync(id);
        string part = answer.Text[answer.Text.IndexOf("relay.wsdl", StringComparison.Ordinal)..].Split("\r\n\r\n")[1];
        return Encoding.UTF8.GetString(Convert.FromBase64String(part[..part.IndexOf("--", StringComparison.Ordinal)]));
    }
}
