using System.Text.RegularExpressions;
using Relay.EndToEnd.Harness;
using Relay.TestKit;

namespace Relay.EndToEnd;

/// <summary>Proofs that stand in the mail, made by other people's programs.</summary>
public sealed partial class ProofTests
{
    [Fact]
    public async Task The_python_sample_of_the_protocol_page_proves_its_sender()
    {
        await Python.SkipUnlessAsync("smtplib");
        await using Gateway gateway = await Gateway.StartAsync(Entry(("Proof", "Token"), ("Secret", "0123456789abcdef")));
        using var folder = new TempFolder();
        string request = folder.Write("request.xml", Soap.Envelope(Soap.GetMonth(2003, 1)) + "\n");
        string page = await File.ReadAllTextAsync(Repository.PathOf("docs/protocol.md"), CancellationToken.None);
        string script = PythonBlock().Match(page).Groups["script"].Value;
        Assert.InRange(script.TrimEnd().Split('\n').Length, 5, 10);

        await Python.RunAsync(script.Replace("8023", $"{gateway.SmtpPort}").Replace("request.xml", request));

        Assert.Contains("January 2003", (await gateway.AnswerToAsync("<token-1@branch.example>")).BodyText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the signature beside the content", "-md", "sha256")]
    [InlineData("the signature around the content", "-md", "sha256", "-nodetach")]
    public async Task What_openssl_signs_is_proven(string why, params string[] options)
    {
        Assert.SkipUnless(Peers.Find("openssl") is not null, Peers.Missing("openssl"));
        using var folder = new TempFolder();
        (string certificate, string key) = (folder.File("app.pem"), folder.File("app.key"));
        await RunAsync(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=app",
            "-addext", "subjectAltName=email:app@branch.example", "-addext", "extendedKeyUsage=emailProtection");
        string part = folder.Write("part.eml", $"Content-Type: text/xml; charset=utf-8\n\n{Soap.Envelope(Soap.GetMonth(2003, 1))}\n");
        string signed = await RunAsync(["smime", "-sign", "-signer", certificate, "-inkey", key, "-in", part, .. options]);
        await using Gateway gateway = await Gateway.StartAsync(Entry(("Proof", "Signature"), ("Authorities", certificate)));

        string id = await gateway.MailAsync("app@branch.example", "calendar@localhost", "From: app@branch.example\nMessage-ID: <s1@branch.example>\n" + signed);

        string body = (await gateway.AnswerToAsync(id)).BodyText;
        Assert.True(body.Contains("January 2003", StringComparison.Ordinal), $"{why}: {body}");
    }

    private static GatewayOptions Entry(params (string Key, string Value)[] proof) => new()
    {
        Settings = proof.Concat([("Address", "*@branch.example"), ("Mailboxes", "*")])
            .ToDictionary(pair => $"Access:Subscribers:0:{pair.Item1}", pair => pair.Item2),
    };

    private static async Task<string> RunAsync(params string[] arguments)
    {
        await using RunningProgram openssl = RunningProgram.Start(Peers.Find("openssl")!, arguments);
        Assert.True(await openssl.ExitAsync() == 0, openssl.Transcript);
        return openssl.Output;
    }

    [GeneratedRegex("^```python\n(?<script>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex PythonBlock();
}
