namespace Relay.Store.Sql;

/// <summary>The tables on one session; made once a session, since a transaction adds nothing to them but its side effects.</summary>
internal sealed class SqlTables : IStoreTransaction, IDisposable
{
    private readonly SqlSession _session;

    public SqlTables(SqlSession session)
    {
        _session = session;
        Spool = new SpoolTable(session, Effects);
        Segments = new SegmentTable(session);
        Outbox = new OutboxTable(session, Effects);
        Events = new EventLog(session, Effects);
        Subscriptions = new SubscriptionTable(session);
        Bounces = new BounceTable(session);
        Streams = new StreamTable(session);
        Confirmations = new ConfirmationTable(session);
        Journal = new Journal(session);
        Watches = new WatchTable(session);
        Identity = new IdentityTable(session);
        Handled = new HandledTable(session);
        OperatorActions = new OperatorActionTable(session);
        Accounts = new AccountTable(session);
        Picked = new PickedTable(session);
    }

    public SqlSession Session => _session;

    /// <summary>What is to be done once the transaction has been committed.</summary>
    public CommitEffects Effects { get; } = new();

    public SpoolTable Spool { get; }

    public SegmentTable Segments { get; }

    public ISubscriptionTable Subscriptions { get; }

    public IStreamTable Streams { get; }

    public IConfirmationTable Confirmations { get; }

    public IOutboxTable Outbox { get; }

    public IEventLog Events { get; }

    public IBounceTable Bounces { get; }

    public IJournal Journal { get; }

    public IWatchTable Watches { get; }

    public IIdentityTable Identity { get; }

    public IHandledTable Handled { get; }

    public IOperatorActionTable OperatorActions { get; }

    public IAccountTable Accounts { get; }

    public IPickedTable Picked { get; }

    ISpoolTable IStoreTransaction.Spool => Spool;

    public void Dispose() => _session.Dispose();
}
