using System.Text;
using Relay.EndToEnd.Harness;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.EndToEnd;

/// <summary><c>relay account</c> beside a running relay.</summary>
public sealed class AccountTests
{
    [Fact]
    public async Task An_account_added_beside_a_running_relay_works_at_once_and_ends_when_it_is_removed()
    {
        await using Gateway gateway = await Gateway.StartAsync(new GatewayOptions { Settings = new Dictionary<string, string> { ["Smtp:AllowAuthInTheClear"] = "true" } });

        await using RunningProgram add = Run(gateway, "correct horse\n", "add", "app");
        Assert.True(await add.ExitAsync() == 0, add.Transcript);
        Assert.Contains("235 2.7.0", await LogInAsync(gateway, "correct horse"), StringComparison.Ordinal);
        Assert.Contains("535 5.7.8", await LogInAsync(gateway, "wrong horse"), StringComparison.Ordinal);

        await using RunningProgram list = Run(gateway, "", "list");
        Assert.Equal(0, await list.ExitAsync());
        Assert.StartsWith("app\t", list.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("horse", Encoding.Latin1.GetString(await DatabaseAsync(gateway)), StringComparison.Ordinal);

        await using RunningProgram remove = Run(gateway, "", "remove", "app");
        Assert.Equal(0, await remove.ExitAsync());
        Assert.Contains("502", await LogInAsync(gateway, "correct horse"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no password on stdin", 1, "add", "app")]
    [InlineData("an account that is not there", 1, "remove", "nobody")]
    [InlineData("no name", 2, "add")]
    [InlineData("a password as an argument, which other users would see", 2, "add", "app", "secret")]
    public async Task Wrong_use_is_told_in_a_sentence(string why, int exit, params string[] arguments)
    {
        using var folder = new TempFolder();
        await using RunningProgram relay = RunningProgram.Start(new ProgramStart(Gateway.ProgramPath)
        {
            Arguments = ["account", .. arguments],
            Environment = new Dictionary<string, string?> { ["Relay__Store__ConnectionString"] = $"Data Source={folder.File("relay.db")}" },
        });
        Assert.True(await relay.ExitAsync() == exit, $"{why}: {relay.Transcript}");
        Assert.NotEmpty(relay.Errors);
        Sentences.AssertNoStackTrace(relay);
    }

    private static RunningProgram Run(Gateway gateway, string input, params string[] arguments) => RunningProgram.Start(new ProgramStart(Gateway.ProgramPath)
    {
        Arguments = ["account", .. arguments],
        Environment = gateway.Environment,
        Input = Encoding.UTF8.GetBytes(input),
    });

    private static async Task<string> LogInAsync(Gateway gateway, string password)
    {
        await using SmtpDialogue client = await SmtpDialogue.ConnectAsync(gateway.SmtpPort);
        return await client.CommandAsync($"AUTH PLAIN {Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0app\0{password}"))}");
    }

    private static async Task<byte[]> DatabaseAsync(Gateway gateway)
    {
        string[] files = [gateway.DatabasePath, gateway.DatabasePath + "-wal"];
        byte[][] octets = await Task.WhenAll(files.Where(File.Exists).Select(file => File.ReadAllBytesAsync(file)));
        return [.. octets.SelectMany(part => part)];
    }
}
