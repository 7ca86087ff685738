using System.Globalization;
using Relay.EndToEnd.Harness;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.EndToEnd.Operator;

/// <summary><c>relay deliver</c> behind Postfix's pipe(8): what Postfix makes of each exit code.</summary>
public sealed class PipeTests
{
    private const string User = "nobody";

    [Fact]
    public async Task Postfix_delivers_defers_and_bounces_as_the_exit_codes_say()
    {
        Assert.SkipWhen(PostfixInstance.Absence is not null, PostfixInstance.Absence ?? "");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Postfix is not for Windows");
        using var folder = new TempFolder();
        await using Gateway gateway = await Gateway.StartAsync();
        OpenTo(User, folder.Path, Path.GetDirectoryName(gateway.DatabasePath)!);
        string stored = Pipe(folder, "stored", gateway.DatabasePath);
        string absent = Pipe(folder, "absent", folder.File("absent.db"));
        string small = Pipe(folder, "small", gateway.DatabasePath, ", \"MaxMessageBytes\": 65536");
        await using var postfix = await PostfixInstance.StartAsync(
            $"smtp:[127.0.0.1]:{gateway.Smarthost.Port}",
            settings: "transport_maps = inline:{ { postmaster@localhost = stored: } { nobody@localhost = stored: } { abuse@localhost = absent: } { help@localhost = small: } }",
            services: stored + absent + small);

        await SendAsync(postfix, "postmaster@localhost", 100);
        await SendAsync(postfix, "nobody@localhost", 100);
        await SendAsync(postfix, "abuse@localhost", 100);
        await SendAsync(postfix, "help@localhost", 100_000);

        await LoggedAsync(postfix, "to=<postmaster@localhost>", "status=sent");
        await LoggedAsync(postfix, "to=<nobody@localhost>", "dsn=5.1.1, status=bounced");
        await LoggedAsync(postfix, "to=<abuse@localhost>", "status=deferred");
        await LoggedAsync(postfix, "to=<help@localhost>", "dsn=5.6.0, status=bounced");
        var mail = await gateway.Smarthost.MailAsync(m => m.Recipient == "postmaster@localhost", "the mail, handled by the running relay and passed on");
        Assert.Equal("ann@branch.example", mail.Sender);
        await Eventually.TrueAsync(
            () => gateway.Smarthost.Mails.Count(m => m.Recipient == "ann@branch.example" && m.Sender.Length == 0) == 2, "Postfix's two reports to the sender");
        Assert.DoesNotContain("   at ", postfix.Log, StringComparison.Ordinal);
    }

    // A service of master.cf and the settings that it names.
    private static string Pipe(TempFolder folder, string name, string database, string smtp = "")
    {
        string config = folder.Write($"{name}.json", $$$"""{"Relay": {"Store": {"ConnectionString": "Data Source={{{database}}}"}, "Smtp": {"HostName": "localhost" {{{smtp}}} } } }""");
        return $"{name} unix - n n - - pipe\n  user={User} flags=q null_sender=\n  argv={Gateway.ProgramPath} deliver --config={config} --from=${{sender}} --to=${{recipient}}\n";
    }

    // pipe(8) runs nothing as root, and the store is root's here.
    private static void OpenTo(string user, params string[] folders)
    {
        Assert.NotEmpty(user);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const UnixFileMode Files = (UnixFileMode)0b110_110_110;
        foreach (string folder in folders)
        {
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
            foreach (string file in Directory.EnumerateFiles(folder))
            {
                File.SetUnixFileMode(file, Files);
            }
        }
    }

    private static async Task SendAsync(PostfixInstance postfix, string to, int octets)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"From: ann@branch.example\r\nTo: {to}\r\nSubject: {octets}\r\n\r\n") + string.Concat(Enumerable.Repeat("0123456789\r\n", octets / 12));
        Assert.StartsWith("250", await SmtpDialogue.SendAsync(postfix.Port, "ann@branch.example", to, text), StringComparison.Ordinal);
    }

    private static async Task LoggedAsync(PostfixInstance postfix, params string[] words)
    {
        try
        {
            await Eventually.TrueAsync(
                () => postfix.Log.Split('\n').Any(line => words.All(word => line.Contains(word, StringComparison.Ordinal))), string.Join(' ', words), TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Postfix does not log {string.Join(' ', words)}:\n{postfix.Log}");
        }
    }
}
