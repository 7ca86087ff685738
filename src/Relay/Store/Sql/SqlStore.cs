using Microsoft.Extensions.Logging;
using Relay.Store.Segments;

namespace Relay.Store.Sql;

/// <summary>The store on a SQL database: one writer that commits in groups, many readers on snapshots.</summary>
internal sealed class SqlStore : IStore
{
    // No back-off is as long; whatever waits longer was put off by a clock that stood wrong.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly SqlDialect _dialect;
    private readonly SqlWriter _writer;
    private readonly GroupCommitter _committer;
    private readonly SqlReaders _readers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private SpoolFront? _front;

    private SqlStore(SqlDialect dialect, MailFiles files, TimeProvider time, ILogger logger)
    {
        _dialect = dialect;
        _time = time;
        _logger = logger;
        MailFiles = files;
        _writer = new SqlWriter(dialect, Bells, Tally, files, logger);
        _committer = new GroupCommitter(_writer);
        _readers = new SqlReaders(dialect);
    }

    public Bells Bells { get; } = new();

    public StoreTally Tally { get; } = new();

    public MailFiles MailFiles { get; }

    /// <summary>How many transactions were committed, each with one fsync.</summary>
    public long Commits => _writer.Commits;

    /// <summary>Opens the database, makes it if there is none, and brings it to the newest schema.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be opened or written, is damaged, or was made by a later version.</exception>
    public static SqlStore Open(SqlDialect dialect, MailFiles files, TimeProvider time, ILogger logger)
    {
        RefuseForeign(dialect);
        try
        {
            using var session = new SqlSession(dialect.Open(forWriting: true), dialect);
            SqlSchema.Upgrade(session, time.GetUtcNow());
            IdentityTable.Establish(session);
            Own(dialect, session);
        }
        catch (Exception exception) when (dialect.Translate(exception) is { } fault)
        {
            throw fault;
        }

        return new SqlStore(dialect, files, time, logger);
    }

    /// <summary>
    /// As <see cref="Open"/> for the one relay that runs: locked before anything is changed, so that the schema is not upgraded under an older relay.
    /// Null when another runs.
    /// </summary>
    public static (SqlStore Store, IDisposable RunLock)? TryOpenForRun(SqlDialect dialect, MailFiles files, TimeProvider time, ILogger logger)
    {
        RefuseForeign(dialect);
        if (dialect.TryLockForRun() is not { } runLock)
        {
            return null;
        }

        try
        {
            KeepOthersOut([.. dialect.Places, files.Folder], logger);
            var store = Open(dialect, files, time, logger);
            KeepOthersOut(dialect.Places, logger); // What a link that led nowhere leads to now was made by the umask.
            return (store, runLock);
        }
        catch
        {
            runLock.Dispose();
            throw;
        }
    }

    /// <summary>Makes the database if there is none; one that is there is opened only where a relay of this version has made or upgraded it.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be opened, or another version made it.</exception>
    public static SqlStore OpenOrMake(SqlDialect dialect, MailFiles files, TimeProvider time, ILogger logger)
    {
        RefuseForeign(dialect);
        try
        {
            using var session = new SqlSession(dialect.Open(forWriting: true), dialect);
            SqlSchema.RequireOrMake(session, time.GetUtcNow());
            IdentityTable.Establish(session);
        }
        catch (Exception exception) when (dialect.Translate(exception) is { } fault)
        {
            throw fault;
        }

        return new SqlStore(dialect, files, time, logger);
    }

    /// <summary>Opens a database that a relay of this version has made or upgraded, and changes nothing of its schema.</summary>
    /// <exception cref="StoreUnavailableException">There is none, or it cannot be opened, or another version made it.</exception>
    public static SqlStore OpenExisting(SqlDialect dialect, MailFiles files, TimeProvider time, ILogger logger)
    {
        if (!dialect.IsThere())
        {
            throw new StoreUnavailableException(
                StoreFault.Unreachable,
                $"There is no store at {dialect.Name}: give the --config or the settings of the relay that you mean, or start it once with `relay run`.");
        }

        try
        {
            using var session = new SqlSession(dialect.Open(forWriting: false), dialect);
            SqlSchema.RefuseForeign(session);
            SqlSchema.Require(session);
            Own(dialect, session);
        }
        catch (Exception exception) when (dialect.Translate(exception) is { } fault)
        {
            throw fault;
        }

        return new SqlStore(dialect, files, time, logger);
    }

    // On a session that only reads: opening one that writes changes a file to a write-ahead log.
    private static void RefuseForeign(SqlDialect dialect)
    {
        try
        {
            if (dialect.IsThere())
            {
                using var session = new SqlSession(dialect.Open(forWriting: false), dialect);
                SqlSchema.RefuseForeign(session);
            }
        }
        catch (Exception exception) when (dialect.Translate(exception) is { } fault)
        {
            throw fault;
        }
    }

    // Relays before this one made their files by the umask.
    private static void KeepOthersOut(IReadOnlyList<string> places, ILogger logger)
    {
        foreach (var place in places)
        {
            try
            {
                if (OwnerOnly.KeepOthersOut(place))
                {
                    StoreLog.OthersKeptOut(logger, place);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                StoreLog.OthersNotKeptOut(logger, place, exception.Message);
            }
        }
    }

    // Segments outlive the database where somebody deletes it: the next one must not take their mails for its own.
    private static void Own(SqlDialect dialect, SqlSession session)
    {
        if (dialect.Segments is { } segments)
        {
            segments.Owner = new IdentityTable(session).LogId;
        }
    }

    public Task<T> CommitAsync<T>(Func<IStoreTransaction, T> work, CancellationToken cancellationToken) =>
        _committer.CommitAsync(work, durable: true, cancellationToken);

    public Task<T> ClaimAsync<T>(Func<IStoreTransaction, T> work, CancellationToken cancellationToken) =>
        _committer.CommitAsync(work, durable: false, cancellationToken);

    public async Task SpoolAsync(NewSpooledMail mail, CancellationToken cancellationToken)
    {
        if (_front is not { } front || !await front.TryAddAsync(mail))
        {
            await Task.Yield(); // It may be run on this thread, which may have others to serve.
            await CommitAsync(tx => tx.Spool.Add(mail), cancellationToken);
        }
    }

    public T Read<T>(Func<IStoreTransaction, T> work) => _readers.Read(work);

    public async Task<int> RecoverAsync(CancellationToken cancellationToken)
    {
        if (_dialect.Segments is { } segments)
        {
            _front ??= await SpoolFront.OpenAsync(segments, _committer, _time, _logger);
        }

        var now = _time.GetUtcNow();
        var latest = now + LongestWait;
        await CommitAsync(tx => tx.Spool.BringForward(latest) + tx.Outbox.BringForward(latest), cancellationToken);
        var released = _dialect.HasOneClaimer
            ? await CommitAsync(tx => tx.Spool.ReleaseAllClaims(now) + tx.Outbox.ReleaseAllClaims(), cancellationToken)
            : 0;

        var named = Read(static tx => ((SqlTables)tx).Spool.FileNames());
        var removed = MailFiles.RemoveOrphans(named);
        StoreLog.Recovered(_logger, released, removed);
        return released;
    }

    public async ValueTask DisposeAsync()
    {
        var front = Interlocked.Exchange(ref _front, null);
        await (front?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _committer.CloseAsync();
        _writer.Dispose();
        _readers.Dispose();
    }
}
