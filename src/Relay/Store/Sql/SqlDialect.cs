using System.Data.Common;
using Relay.Store.Segments;

namespace Relay.Store.Sql;

/// <summary>What differs from database to database. Statements are written once; these are the words that they cannot share.</summary>
internal abstract class SqlDialect
{
    /// <summary>Which database it is, in an error's words, without secrets.</summary>
    public abstract string Name { get; }

    /// <summary>Begins a transaction that will write, waiting for other writers where there can be one only.</summary>
    public abstract string BeginWrite { get; }

    /// <summary>Begins a transaction that reads one snapshot.</summary>
    public abstract string BeginRead { get; }

    /// <summary>Begins a transaction that changes the schema; no two processes are in one at once.</summary>
    public virtual string BeginUpgrade => BeginWrite;

    /// <summary>Ends a transaction; fails when one of its statements has failed.</summary>
    public virtual string Commit => "COMMIT";

    /// <summary>Whether commands are prepared here; false where the provider does so itself.</summary>
    public virtual bool PreparesStatements => true;

    /// <summary>Ends a selection of rows to be claimed, so that two claimers never wait for each other's rows.</summary>
    public abstract string SkipLocked { get; }

    /// <summary>Ends a selection of a row that is to be changed by what it says, so that no other process changes it meanwhile.</summary>
    public abstract string HoldRow { get; }

    /// <summary>Whether this process is the only one that may hold claims.</summary>
    public abstract bool HasOneClaimer { get; }

    /// <summary>What it takes for a mail to be held to kill relays.</summary>
    public CrashSuspects Suspects => HasOneClaimer ? CrashSuspects.AtStarts : CrashSuspects.ByLeases;

    /// <summary>Where the one running relay takes mail faster than into rows; null where mail goes into rows only.</summary>
    public virtual SegmentFolder? Segments => null;

    /// <summary>Says whether the commits that follow on this session wait for the disk; a session begins so that they do.</summary>
    public abstract string SetDurability(bool durable);

    /// <summary>Selects the names of the tables that are not the database's own.</summary>
    public abstract string Tables { get; }

    public abstract DbConnection Open(bool forWriting);

    /// <summary>False where opening would make a new database.</summary>
    /// <exception cref="StoreUnavailableException">Whether it is there cannot be seen.</exception>
    public virtual bool IsThere() => true;

    /// <summary>Files and folders of which nothing is for everybody to read.</summary>
    public virtual IReadOnlyList<string> Places => [];

    /// <summary>A schema file, written in the words of SQLite, in the words of this database.</summary>
    public virtual string Schema(string sql) => sql;

    /// <summary>Null when the error is the statement's and not the store's.</summary>
    public abstract StoreUnavailableException? Translate(Exception exception);

    /// <summary>
    /// Takes the place of the one running relay, until disposed. Null when another process holds it. Other processes may read
    /// and commit beside it all the same. A store made for several relays gives a lock to each.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nobody holds it, but it cannot be taken.</exception>
    public abstract IDisposable? TryLockForRun();

    /// <summary>Whether the error comes of what another process did meanwhile, so that another try may succeed.</summary>
    public virtual bool IsConflict(Exception exception) => false;
}
