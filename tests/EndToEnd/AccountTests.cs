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

    [Fact]
    public async Task Several_who_make_the_store_at_once_make_one()
    {
        using var folder = new TempFolder();
        var settings = new Dictionary<string, string?> { ["Relay__Store__ConnectionString"] = $"Data Source={folder.File("relay.db")}" };
        string[] names = ["a", "b", "c", "d"];

        var added = await Task.WhenAll(names.Select(name => RelayCommand.RunAsync(settings, "correct horse\n", "account", "add", name)));

        Assert.All(added, one => Assert.True(one.Code == 0, one.Output + one.Errors));
        var (_, list, _) = await RelayCommand.RunAsync(settings, null, "account", "list");
        Assert.Equal(names, list.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[0]).Order());
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

    [Theory]
    [InlineData("list", "account", "list", "--json")]
    [InlineData("remove", "account", "remove", "app")]
    public async Task Only_adding_an_account_makes_a_store(string why, params string[] arguments)
    {
        using var folder = new TempFolder();
        var (code, _, errors) = await RelayCommand.RunAsync(StoreAt(folder.File("relay.db")), null, arguments);

        Assert.True(code == 1, why);
        Assert.Contains("There is no store at ", errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));

        Assert.Equal(0, (await RelayCommand.RunAsync(StoreAt(folder.File("relay.db")), "correct horse\n", "account", "add", "app")).Code);
        Assert.Equal(0, (await RelayCommand.RunAsync(StoreAt(folder.File("relay.db")), null, arguments)).Code);
    }

    [Theory]
    [InlineData(1, "account", "add", "app")]
    [InlineData(1, "account", "list")]
    [InlineData(1, "run")]
    [InlineData(1, "check")]
    [InlineData(75, "deliver", "--to=postmaster@localhost")]
    public async Task The_database_of_another_program_is_refused_and_left_alone(int exit, params string[] arguments)
    {
        using var folder = new TempFolder();
        string database = folder.File("other.db");
        await using (var python = RunningProgram.Start(new ProgramStart("python3")
        {
            Arguments = ["-c", "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript('CREATE TABLE places (id INTEGER)')", database],
        }))
        {
            Assert.True(await python.ExitAsync() == 0, python.Transcript);
        }

        byte[] before = await File.ReadAllBytesAsync(database);
        var (code, output, errors) = await RelayCommand.RunAsync(StoreAt(database), "Subject: x\n\n", arguments);

        Assert.Equal(exit, code);
        Assert.Contains("the tables of another program (places)", output + errors, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(database));
        Assert.Equal([database], Directory.EnumerateFileSystemEntries(folder.Path));
    }

    private static Dictionary<string, string?> StoreAt(string file) => new() { ["Relay__Store__ConnectionString"] = $"Data Source={file}" };

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
