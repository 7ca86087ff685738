using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Relay.Tests.Store;

/// <summary>A process that writes is killed, again and again: what it was told is stored is there, whole.</summary>
public sealed class SqliteCrashTests
{
    private const string FolderVariable = "RELAY_TEST_CRASH_FOLDER";
    private const int Rounds = 3;

    // Begins the ids of mails that came through the segments.
    private const char Spooled = 's';
    private const int AcknowledgedPerRound = 200;

    [Fact]
    public async Task Acknowledged_commits_survive_a_kill_and_no_half_of_one_does()
    {
        await using var database = new SqliteTestStore();
        for (var round = 0; round < Rounds; round++)
        {
            await WriteUntilKilledAsync(database.Folder, TestContext.Current.CancellationToken);
        }

        var acknowledged = File.ReadLines(Acknowledgements(database.Folder))
            .Where(line => line.EndsWith('.')) // The last line of a round may be cut.
            .Select(line => line.TrimEnd('.'))
            .ToList();
        var store = await database.ReopenAsync();
        await store.RecoverAsync(TestContext.Current.CancellationToken);
        var mails = store.Read(tx => tx.Spool.List(null, 0, int.MaxValue));
        var spooled = mails.Select(mail => mail.MailId).ToHashSet();
        var committed = spooled.Where(id => !id.StartsWith(Spooled)).ToList();

        Assert.True(acknowledged.Count >= Rounds * AcknowledgedPerRound);
        Assert.DoesNotContain(acknowledged, id => !spooled.Contains(id));
        Assert.Equal(mails.Count, spooled.Count);
        Assert.All(mails, mail => Assert.Equal(5000, store.Read(tx => tx.Spool.Content(mail.Id))!.Length));
        Assert.Equal(committed.Count, store.Read(tx => tx.Outbox.List(null, 0, int.MaxValue)).Count);
        Assert.Equal(committed.Count * 2, store.Read(tx => tx.Events.End()).Value);
        Assert.Equal("ok", IntegrityOf(database.DatabaseFile));
    }

    /// <summary>What the child does: only when it is asked for by the test above.</summary>
    [Fact(Explicit = true)]
    public async Task Write_until_killed()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.SkipWhen(folder is null, "Runs as the child of another test.");
        await using var store = SqliteTestStore.OpenIn(folder!);
        await using var acknowledgements = new FileStream(
            Acknowledgements(folder!), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        await store.RecoverAsync(CancellationToken.None);
        void Acknowledge(string id)
        {
            lock (acknowledgements)
            {
                acknowledgements.Write(System.Text.Encoding.ASCII.GetBytes(id + ".\n"));
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                var id = Guid.NewGuid().ToString("N");
                await store.CommitAsync(
                    tx =>
                    {
                        tx.Events.Append(1, [StoreContract.Event(), StoreContract.Event()], false, StoreContract.Noon);
                        tx.Spool.Add(StoreContract.Mail(id, new byte[5000]));
                        return tx.Outbox.Add(StoreContract.OutMail($"<{id}@g>"));
                    },
                    CancellationToken.None);
                Acknowledge(id);
                await store.SpoolAsync(StoreContract.Mail(Spooled + id, new byte[5000]), CancellationToken.None);
                Acknowledge(Spooled + id);
            }
        })));
    }

    private static string Acknowledgements(string folder) => Path.Combine(folder, "acknowledged");

    private static async Task WriteUntilKilledAsync(string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Relay.Tests"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[FolderVariable] = folder;
        foreach (var argument in (string[])["-explicit", "only", "-method", $"{typeof(SqliteCrashTests).FullName}.{nameof(Write_until_killed)}"])
        {
            start.ArgumentList.Add(argument);
        }

        var before = LinesOf(folder);
        using var child = Process.Start(start)!;
        try
        {
            using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            bound.CancelAfter(TimeSpan.FromMinutes(1));
            while (LinesOf(folder) < before + AcknowledgedPerRound)
            {
                Assert.False(child.HasExited, string.Create(CultureInfo.InvariantCulture, $"The child ended by itself: {child.Id}."));
                await Task.Delay(TimeSpan.FromMilliseconds(5), bound.Token);
            }
        }
        finally
        {
            child.Kill(); // SIGKILL
            await child.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static int LinesOf(string folder) => File.Exists(Acknowledgements(folder)) ? File.ReadAllLines(Acknowledgements(folder)).Length : 0;

    private static string IntegrityOf(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        return (string)command.ExecuteScalar()!;
    }
}
