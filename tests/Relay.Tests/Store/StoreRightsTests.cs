using System.Buffers;
using Microsoft.Extensions.Logging;
using Relay.Store;
using Relay.Store.Sql;

namespace Relay.Tests.Store;

/// <summary>The store holds mails, the key of all tokens and what proves passwords: nobody but the relay's user reads it, whatever the umask.</summary>
public sealed class StoreRightsTests(PostgreSqlServer server)
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Group = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    [Fact]
    public async Task What_a_relay_makes_is_its_owners_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has access lists instead.");
        await using var database = new SqliteTestStore();
        await RunAsync("sub/relay.db", database.Folder, async store =>
        {
            await FillAsync(store);
            string[] entries = [.. Directory.EnumerateFileSystemEntries(Path.Combine(database.Folder, "sub"), "*", SearchOption.AllDirectories)];

            string[] kinds = ["relay.db", "relay.db-wal", "relay.db-shm", "relay.db.lock", "relay.db.spool", "relay.db.mails", ".segment"];
            Assert.All(kinds, kind => Assert.Contains(entries, entry => entry.EndsWith(kind, StringComparison.Ordinal)));
            Assert.All(entries.Append(Path.Combine(database.Folder, "sub")), entry => AssertNothingFor(Group | Others, entry));
        });
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(database.Folder, "sub")), file => Path.GetFileName(file).Split('.').Length > 3); // no half-made one
    }

    [Fact]
    public async Task What_an_earlier_relay_left_open_to_everybody_is_closed_at_the_next_start_and_told()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has access lists instead.");
        await using var database = new SqliteTestStore();
        await RunAsync("relay.db", database.Folder, FillAsync);
        string[] left = ["relay.db", "relay.db.lock", "relay.db.spool", "relay.db.mails"];
        foreach (string place in left)
        {
            SetMode(Path.Combine(database.Folder, place), Owner | UnixFileMode.UserExecute | Group | Others);
        }

        var told = new CollectedLog();
        await RunAsync("relay.db", database.Folder, FillAsync, told);

        Assert.All(left, place => AssertNothingFor(Others, Path.Combine(database.Folder, place)));
        Assert.All(left, place => Assert.Contains(told.Lines, line => line.Contains($"{place} was open to everybody", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_folder_that_was_given_to_a_group_gives_it_what_is_made_there()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has access lists instead.");
        await using var database = new SqliteTestStore();
        string[] folders = [Path.Combine(database.Folder, "relay.db.spool"), Path.Combine(database.Folder, "relay.db.mails")];
        foreach (string folder in folders)
        {
            Directory.CreateDirectory(folder);
            SetMode(folder, Owner | UnixFileMode.UserExecute | Group);
        }

        await RunAsync("relay.db", database.Folder, FillAsync);

        string[] files = [.. folders.SelectMany(Directory.EnumerateFiles)];
        Assert.Equal(2, files.Length);
        Assert.All(files, file => Assert.True(ModeOf(file).HasFlag(UnixFileMode.GroupRead), file));
        Assert.All(files, file => AssertNothingFor(Others, file));
    }

    [Fact]
    public async Task The_folder_of_large_mails_beside_postgresql_is_closed_too()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has access lists instead.");
        await using var database = new PostgreSqlTestStore(server);
        string folder = Path.Combine(database.Folder, "mails");
        await using var store = PostgreSqlStore.Open(database.Connection, folder, TimeProvider.System);

        await FillAsync(store);

        Assert.All(Directory.EnumerateFiles(folder).Append(folder), entry => AssertNothingFor(Group | Others, entry));
    }

    private static async Task RunAsync(string file, string folder, Func<SqlStore, Task> work, ILogger? logger = null)
    {
        var (store, runLock) = SqliteStore.TryOpenForRun($"Data Source={file}", folder, TimeProvider.System, logger)!.Value;
        using var held = runLock;
        await using var running = store;
        await store.RecoverAsync(CancellationToken.None);
        await work(store);
    }

    /// <summary>A mail in a segment and one in a file.</summary>
    private static async Task FillAsync(SqlStore store)
    {
        await store.SpoolAsync(StoreContract.Mail(), CancellationToken.None);
        await using var writer = store.MailFiles.Create();
        await writer.WriteAsync(new ReadOnlySequence<byte>(new byte[MailFiles.InlineLimit + 1]), CancellationToken.None);
        await writer.CompleteAsync(CancellationToken.None);
    }

    private static void AssertNothingFor(UnixFileMode those, string path) =>
        Assert.True((ModeOf(path) & those) == 0, $"{path}: {ModeOf(path)}");

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }
}
