using System.Net.NetworkInformation;
using Relay.EndToEnd.Harness;
using Relay.TestKit;

namespace Relay.EndToEnd;

/// <summary>
/// The client of the 2003 developerWorks article on SOAP over SMTP: a listener made with Python's smtpd, and MIMEText mails with
/// hand-made ids to calendar@localhost. It compares each answer with what its own calendar module prints.
/// </summary>
public sealed class ArticleClientTests
{
    private const string Script = """
        import asyncore, calendar, email, smtpd, smtplib, sys, threading, xml.etree.ElementTree as tree
        from email.mime.text import MIMEText
        relay, listen, requests = int(sys.argv[1]), int(sys.argv[2]), [r.split(":") for r in sys.argv[3:]]
        expected = {i: calendar.month(int(y), int(m)) for i, y, m in requests}

        class Listener(smtpd.SMTPServer):
            def process_message(self, peer, mailfrom, rcpttos, data, **rest):
                answer = email.message_from_bytes(data)
                i = answer["In-Reply-To"]
                body = tree.fromstring(answer.get_payload(decode=True)).find("{http://schemas.xmlsoap.org/soap/envelope/}Body")
                month = body[0][0].text
                print("ANSWER", i, body[0].tag.split("}")[-1], "same" if month == expected.get(i) else repr(month))

        def ask(i, year, month):
            mail = MIMEText('<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Body>'
                '<m:getMonth xmlns:m="http://uche.ogbuji.net/tech/akara/calendar"><year>%s</year><month>%s</month></m:getMonth>'
                '</SOAP-ENV:Body></SOAP-ENV:Envelope>' % (year, month))
            mail["Subject"], mail["From"], mail["To"] = "Month", "user@localhost", "calendar@localhost"
            mail["Message-Id"] = i
            server = smtplib.SMTP("127.0.0.1", relay)
            server.sendmail("user@localhost", ["calendar@localhost"], mail.as_string())
            server.quit()

        listener = Listener(("127.0.0.1", listen), None)
        for request in requests: threading.Thread(target=ask, args=request).start()
        asyncore.loop()
        """;

    [Fact]
    public async Task The_answer_refers_to_id_2_and_holds_the_month_as_python_prints_it()
    {
        await Python.SkipUnlessAsync("smtpd");
        int listener = FreePort.Next();
        await using Gateway gateway = await Gateway.StartAsync(DeliveringTo(listener));

        await using RunningProgram client = Python.Start(Script, $"{gateway.SmtpPort}", $"{listener}", "2:2003:1");

        Assert.Equal("ANSWER 2 getMonthResponse same", await client.LineAsync("ANSWER"));
    }

    [Fact]
    public async Task Three_requests_at_once_are_each_answered_once()
    {
        await Python.SkipUnlessAsync("smtpd");
        int listener = FreePort.Next();
        await using Gateway gateway = await Gateway.StartAsync(DeliveringTo(listener));

        await using RunningProgram client = Python.Start(Script, $"{gateway.SmtpPort}", $"{listener}", "2:2003:1", "3:2024:2", "4:1:12");
        await Eventually.TrueAsync(() => client.Lines.Count >= 3, $"three answers; the relay wrote:\n{gateway.Log}");

        // A stop of the relay finishes what is in flight: a second answer to any of the three would come before it ends.
        Assert.Equal(0, await gateway.TerminateAsync());
        Assert.Equal(
            ["ANSWER 2 getMonthResponse same", "ANSWER 3 getMonthResponse same", "ANSWER 4 getMonthResponse same"],
            client.Lines.Select(line => line.Text).Order());
    }

    /// <summary>Every month layout: each first weekday, each length, and the first and last year.</summary>
    [Fact]
    public async Task Months_of_every_layout_are_as_python_prints_them()
    {
        await Python.SkipUnlessAsync("smtpd");
        int listener = FreePort.Next();
        await using Gateway gateway = await Gateway.StartAsync(DeliveringTo(listener));
        string[] months = [.. Enumerable.Range(0, 28).Select(n => $"{n + 10}:{2000 + n}:2"), "50:9999:12", "51:1:1", "52:987:9", "53:2026:11"];

        await using RunningProgram client = Python.Start(Script, [$"{gateway.SmtpPort}", $"{listener}", .. months]);
        await Eventually.TrueAsync(() => client.Lines.Count >= months.Length, $"{months.Length} answers; the relay wrote:\n{gateway.Log}");

        Assert.All(client.Lines, line => Assert.EndsWith(" same", line.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_no_settings_at_all_the_ports_of_the_article_are_served()
    {
        await Python.SkipUnlessAsync("smtpd");
        int[] ports = [8023, 8024, 8025, 8026];
        int[] taken = [.. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port).Intersect(ports)];
        Assert.SkipUnless(taken.Length == 0, $"Port {taken.FirstOrDefault()} is taken on this machine");
        using var home = new TempFolder();

        await using RunningProgram relay = RunningProgram.Start(new ProgramStart(Gateway.ProgramPath)
        {
            Environment = new Dictionary<string, string?> { ["HOME"] = home.Path, ["XDG_DATA_HOME"] = home.Path },
            Folder = home.Path,
        });
        await Eventually.TrueAsync(() => relay.HasExited || IsListening(8023), $"relay listens on 8023:\n{relay.Transcript}");
        await using RunningProgram client = Python.Start(Script, "8023", "8024", "2:2003:1");

        Assert.Equal("ANSWER 2 getMonthResponse same", await client.LineAsync("ANSWER"));
        Assert.Equal(0, await relay.TerminateAsync());
    }

    private static bool IsListening(int port) =>
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(listener => listener.Port == port);

    private static GatewayOptions DeliveringTo(int port) =>
        new() { Settings = new Dictionary<string, string> { ["Delivery:Smarthost:Port"] = $"{port}" } };
}
