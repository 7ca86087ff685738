using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Relay.Store;
using Relay.Store.Sql;

namespace Relay.Tests.Store;

/// <summary>
/// How fast the store is, beside what the disk and SQLite do with the same octets in the same run. Explicit: a figure is no
/// verdict. Each line is operations a second, processor time an operation, and the ratio to the lines that it names.
/// </summary>
public sealed class StoreMeasurements(ITestOutputHelper output) : IAsyncLifetime
{
    private const int MailOctets = 2000;
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(2);

    private readonly SqliteTestStore _database = new();
    private readonly byte[] _octets = new byte[MailOctets];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact(Explicit = true)]
    public async Task Spool()
    {
        var disk = await RateAsync("append + fsync, one file", 1, AppenderOf("append"));
        var sqlite = await RateAsync("SQLite, one row a transaction", 1, InserterOf("one.db"));
        await RateAsync("spool add, 1 caller", 1, _ => AddMail, (disk, "append"), (sqlite, "SQLite"));
        var disk16 = await RateAsync("append + fsync, 16 files", 16, caller => AppenderOf($"append{caller}")(caller));
        var sqlite16 = await RateAsync("SQLite, one row a transaction, 16 callers", 16, InserterOf("sixteen.db"));
        await RateAsync("spool add, 16 callers", 16, _ => AddMail, (disk16, "append"), (sqlite16, "SQLite"));
        await RateAsync("spool add, 64 callers", 64, _ => AddMail, (disk16, "append"), (sqlite16, "SQLite"));
    }

    [Fact(Explicit = true)]
    public async Task Outbox()
    {
        await FillOutboxAsync(150_000);
        var sqlite = await RateAsync("SQLite, one row a transaction", 1, InserterOf("one.db"));
        await RateAsync("outbox claim 64 + settle each, 1 worker", 1, _ => ClaimAndSettleEach, (sqlite, "SQLite"));
        await RateAsync("outbox claim 64 + settle each, 16 workers", 16, _ => ClaimAndSettleEach, (sqlite, "SQLite"));
        await RateAsync("outbox claim 64 + settle together, 1 worker", 1, _ => ClaimAndSettleTogether, (sqlite, "SQLite"));
    }

    [Fact(Explicit = true)]
    public async Task Events()
    {
        var disk = await RateAsync("append + fsync, one file", 1, AppenderOf("append"));
        var sqlite = await RateAsync("SQLite, one row a transaction", 1, InserterOf("one.db"));
        await RateAsync("events, 1 a commit, 1 caller", 1, _ => () => AppendAsync(1), (disk, "append"), (sqlite, "SQLite"));
        await RateAsync("events, 1 a commit, 16 callers", 16, _ => () => AppendAsync(1), (disk, "append"), (sqlite, "SQLite"));
        await RateAsync("events, 50 a commit, 1 caller", 1, _ => () => AppendAsync(50), (disk, "append"), (sqlite, "SQLite"));
        var read = await RateAsync("events read, 50 a time, 1 caller", 1, _ => ReadAfter);
        await RateAsync("events read, 50 a time, 2 callers", 2, _ => ReadAfter, (read, "1 caller"));
    }

    private async Task<int> AddMail()
    {
        var mail = StoreContract.Mail(octets: _octets);
        await _database.Current.CommitAsync(tx => tx.Spool.Add(mail), CancellationToken.None);
        return 1;
    }

    private async Task FillOutboxAsync(int count)
    {
        for (var i = 0; i < count; i += 1000)
        {
            await _database.Current.CommitAsync(
                tx => Enumerable.Range(i, 1000).Select(n => tx.Outbox.Add(StoreContract.OutMail($"<{n}@g>") with { Content = _octets })).Count(),
                CancellationToken.None);
        }
    }

    private async Task<int> ClaimAndSettleEach()
    {
        var store = _database.Current;
        var mails = await store.ClaimAsync(tx => tx.Outbox.Claim(64, StoreContract.Noon, StoreContract.Lease), CancellationToken.None);
        foreach (var mail in mails)
        {
            await store.CommitAsync(tx => tx.Outbox.Delivered(mail.Id, "250 2.0.0 queued as 4XyZ", StoreContract.Noon), CancellationToken.None);
        }

        return mails.Count;
    }

    private async Task<int> ClaimAndSettleTogether()
    {
        var store = _database.Current;
        var mails = await store.ClaimAsync(tx => tx.Outbox.Claim(64, StoreContract.Noon, StoreContract.Lease), CancellationToken.None);
        return await store.CommitAsync(
            tx => mails.Count(mail => tx.Outbox.Delivered(mail.Id, "250 2.0.0 queued as 4XyZ", StoreContract.Noon)), CancellationToken.None);
    }

    private async Task<int> AppendAsync(int count)
    {
        var mailbox = Random.Shared.Next(1, 10_000);
        var events = Enumerable.Range(0, count).Select(_ => StoreContract.Event(new string('A', 120) + Random.Shared.Next())).ToList();
        await _database.Current.CommitAsync(tx => tx.Events.Append(mailbox, events, false, StoreContract.Noon), CancellationToken.None);
        return count;
    }

    private Task<int> ReadAfter() =>
        Task.FromResult(_database.Current.Read(tx => tx.Events.After(Random.Shared.Next(1, 10_000), new LogPosition(0), 50)).Count);

    private Func<int, Func<Task<int>>> AppenderOf(string name) => _ =>
    {
        var file = new FileStream(Path.Combine(_database.Folder, name), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        return () =>
        {
            file.Write(_octets);
            file.Flush(flushToDisk: true);
            return Task.FromResult(1);
        };
    };

    private Func<int, Func<Task<int>>> InserterOf(string name)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(_database.Folder, name)};Pooling=False");
        connection.Open();
        using var create = connection.CreateCommand();
        create.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (id INTEGER PRIMARY KEY, octets BLOB)";
        create.ExecuteNonQuery();
        var session = new SqlSession(connection, new Relay.Store.Sqlite.SqliteDialect($"Data Source={name}", _database.Folder));
        const string Insert = "INSERT INTO t (octets) VALUES (@octets)";
        return _ => () =>
        {
            lock (session)
            {
                session.Execute(Insert, ("@octets", _octets));
            }

            return Task.FromResult(1);
        };
    }

    private async Task<double> RateAsync(
        string what, int callers, Func<int, Func<Task<int>>> caller, params (double Rate, string Name)[] peers)
    {
        var operations = Enumerable.Range(0, callers).Select(caller).ToArray();
        var done = 0L;
        var processor = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(operations.Select(operation => Task.Run(async () =>
        {
            while (watch.Elapsed < Long)
            {
                Interlocked.Add(ref done, await operation());
            }
        })));
        var rate = done / watch.Elapsed.TotalSeconds;
        var cost = (Environment.CpuUsage.TotalTime - processor).TotalMicroseconds / done;
        var ratios = string.Join(", ", peers.Select(peer => string.Create(CultureInfo.InvariantCulture, $"{rate / peer.Rate:0.00} × {peer.Name}")));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-45} {rate,8:0}/s {cost,6:0.0} µs  {ratios}"));
        return rate;
    }
}
