using Relay.Wire.Ews;

namespace Relay.Store.Sql;

/// <inheritdoc cref="ISubscriptionTable"/>
internal sealed class SubscriptionTable(SqlSession session) : ISubscriptionTable
{
    private const string InsertSubscription = """
        INSERT INTO subscription (cursor, sequence, last_activity_at, state, public_id, public_key, principal, principal_key, kind,
                                  mailbox_id, all_folders, event_types, period_minutes, notify_address, service_address,
                                  soap_version, root_message_id, created_at, settings)
        VALUES (@cursor, 0, @created, 0, @public, @publicKey, @principal, @principalKey, @kind,
                @mailbox, @all, @types, @period, @notify, @service,
                @version, @root, @created, @settings)
        RETURNING id
        """;

    private const string InsertFolder = """
        INSERT INTO subscription_folder (subscription_id, ordinal, folder_id, name) VALUES (@id, @ordinal, @folder, @name)
        """;

    private const string SelectOfPrincipal = SubscriptionRows.Columns + """
         WHERE principal_key = @key AND principal = @principal AND ended_at IS NULL ORDER BY id
        """;

    private const string SelectAll = SubscriptionRows.Columns + " WHERE id > @after ORDER BY id LIMIT @most";

    private const string AdvanceCursor = """
        UPDATE subscription SET cursor = @cursor, sequence = @sequence, last_activity_at = @now WHERE id = @id AND ended_at IS NULL
        """;

    private const string TouchOnly = "UPDATE subscription SET last_activity_at = @now WHERE id = @id AND ended_at IS NULL";

    private const string TouchAndMove = """
        UPDATE subscription SET last_activity_at = @now, cursor = @cursor WHERE id = @id AND ended_at IS NULL
        """;

    private const string UpdateState = """
        UPDATE subscription SET state = @state, end_reason = @reason, last_activity_at = @now WHERE id = @id AND ended_at IS NULL
        """;

    private const string UpdateSettings = "UPDATE subscription SET settings = @settings WHERE id = @id AND ended_at IS NULL";

    private const string EndSubscription = """
        UPDATE subscription SET state = 3, end_reason = @reason, ended_at = @now, wake_at = @wake WHERE id = @id AND ended_at IS NULL
        """;

    private const string SelectNotified = """
        SELECT id FROM subscription WHERE lower(notify_address) = lower(@address) AND ended_at IS NULL AND kind <> @pull LIMIT 1
        """;

    private const string UpdateWake = "UPDATE subscription SET wake_at = @at WHERE id = @id";

    private const string SelectNextWake = "SELECT min(wake_at) FROM subscription WHERE wake_at IS NOT NULL";

    private const string SelectRights = """
        SELECT DISTINCT s.principal, m.address, s.notify_address FROM subscription s JOIN mailbox m ON m.id = s.mailbox_id WHERE s.ended_at IS NULL
        """;

    private const string SelectWith = """
        SELECT s.id FROM subscription s JOIN mailbox m ON m.id = s.mailbox_id
        WHERE s.principal_key = @key AND s.principal = @principal AND s.ended_at IS NULL AND m.address = @mailbox AND s.notify_address = @notify
        """;

    private const string UpdatePrincipal = "UPDATE subscription SET principal = @principal, principal_key = @key WHERE id = @id";

    // A stream that tells its events is to be closed: the reason is StreamEndReason.SubscriptionEnded.
    private const string EndStream = """
        UPDATE stream SET ends_at = 0, end_reason = 2, end_subscription = @id
        WHERE end_reason = 0 AND id = (SELECT stream_id FROM stream_subscription WHERE subscription_id = @id)
        """;

    private const string CountOpen = "SELECT count(*) FROM subscription WHERE ended_at IS NULL";

    private const string SelectMailboxes = "SELECT DISTINCT mailbox_id FROM subscription WHERE ended_at IS NULL";

    private const string CountStates = "SELECT state, count(*) FROM subscription WHERE ended_at IS NULL GROUP BY state";

    private const string SelectOfRoot = SubscriptionRows.Columns + " WHERE root_message_id = @root ORDER BY id LIMIT 100";

    private const string SelectEnded = "SELECT id FROM subscription WHERE ended_at < @before ORDER BY ended_at LIMIT @most";

    private const string DeleteFolders = "DELETE FROM subscription_folder WHERE subscription_id = @id";

    private const string DeleteSubscription = "DELETE FROM subscription WHERE id = @id";

    // What is found decides what is mailed: two relays that find the same would both mail it, under two Message-IDs.
    private readonly string _selectOne = $"{SubscriptionRows.Columns} WHERE id = @id {session.HoldRow}";

    private readonly string _selectByPublicId = $"{SubscriptionRows.Columns} WHERE public_key = @key AND public_id = @public {session.HoldRow}";

    private readonly string _selectDue = $"{SubscriptionRows.Columns} WHERE wake_at <= @now ORDER BY wake_at LIMIT @most {session.HoldRow}";

    private readonly string _selectHeldBack = $"{SubscriptionRows.Columns} WHERE ended_at IS NULL AND kind = 1 AND state IN (1, 2) AND last_activity_at < @before ORDER BY id LIMIT @most {session.HoldRow}";

    private readonly string _selectBehind = $"{SubscriptionRows.Columns} WHERE ended_at IS NULL AND kind <> 0 AND cursor < @position AND id > @after ORDER BY id LIMIT @most {session.HoldRow}";

    // Idle for longer than its period: pull (0) and streaming (2), but not while a stream is open. Reads every open subscription's row.
    private readonly string _selectIdle = SubscriptionRows.Columns + $"""
         WHERE ended_at IS NULL AND kind IN (0, 2) AND last_activity_at + period_minutes * 60000 < @now
        AND id NOT IN (SELECT subscription_id FROM stream_subscription) ORDER BY id LIMIT @most {session.HoldRow}
        """;

    private readonly SubscriptionRows _rows = new(session);

    public long Add(NewSubscription subscription)
    {
        var id = session.Number(
            InsertSubscription,
            ("@cursor", subscription.Cursor.Value),
            ("@created", Instant.Of(subscription.CreatedAt)),
            ("@public", subscription.PublicId),
            ("@publicKey", TextKey.Of(subscription.PublicId)),
            ("@principal", subscription.Principal),
            ("@principalKey", TextKey.Of(subscription.Principal)),
            ("@kind", (long)subscription.Kind),
            ("@mailbox", subscription.MailboxId),
            ("@all", subscription.AllFolders ? 1L : 0L),
            ("@types", (long)subscription.EventTypes),
            ("@period", (long)subscription.PeriodMinutes),
            ("@notify", subscription.NotifyAddress),
            ("@service", subscription.ServiceAddress),
            ("@version", (long)subscription.Version),
            ("@root", subscription.RootMessageId),
            ("@settings", subscription.Settings)) ?? throw new InvalidOperationException("An inserted row has an id.");
        for (var i = 0; i < subscription.Folders.Count; i++)
        {
            var folder = subscription.Folders[i];
            session.Execute(InsertFolder, ("@id", id), ("@ordinal", (long)i), ("@folder", folder.Id), ("@name", folder.Name));
        }

        return id;
    }

    public Subscription? Find(long id) => _rows.First(_selectOne, ("@id", id));

    public Subscription? FindByPublicId(string publicId) =>
        _rows.First(_selectByPublicId, ("@key", TextKey.Of(publicId)), ("@public", publicId));

    public IReadOnlyList<Subscription> Active() => _rows.Open();

    public IReadOnlyList<Subscription> OfPrincipal(string principal) =>
        _rows.Query(SelectOfPrincipal, ("@key", TextKey.Of(principal)), ("@principal", principal));

    public IReadOnlyList<Subscription> List(long afterId, int atMost) =>
        _rows.Query(SelectAll, ("@after", afterId), ("@most", (long)atMost));

    public bool Advance(long id, LogPosition cursor, long sequence, DateTimeOffset now) => session.Execute(
        AdvanceCursor, ("@cursor", cursor.Value), ("@sequence", sequence), ("@now", Instant.Of(now)), ("@id", id)) > 0;

    public bool Touch(long id, DateTimeOffset now, LogPosition? cursor = null) => cursor is { } position
        ? session.Execute(TouchAndMove, ("@now", Instant.Of(now)), ("@cursor", position.Value), ("@id", id)) > 0
        : session.Execute(TouchOnly, ("@now", Instant.Of(now)), ("@id", id)) > 0;

    public bool SetState(long id, SubscriptionState state, string? reason, DateTimeOffset now) => state == SubscriptionState.Ended
        ? throw new ArgumentException("A subscription is ended by End.", nameof(state))
        : session.Execute(UpdateState, ("@state", (long)state), ("@reason", reason), ("@now", Instant.Of(now)), ("@id", id)) > 0;

    public bool SaveSettings(long id, string? settings) => session.Execute(UpdateSettings, ("@settings", settings), ("@id", id)) > 0;

    public bool End(long id, string reason, DateTimeOffset now, bool tellOwner)
    {
        long? wake = tellOwner ? Instant.Of(now) : null;
        if (session.Execute(EndSubscription, ("@reason", reason), ("@now", Instant.Of(now)), ("@wake", wake), ("@id", id)) == 0)
        {
            return false;
        }

        session.Execute(EndStream, ("@id", id));
        return true;
    }

    public void Wake(long id, DateTimeOffset? at) =>
        session.Execute(UpdateWake, ("@at", at is { } time ? Instant.Of(time) : null), ("@id", id));

    public IReadOnlyList<Subscription> Due(DateTimeOffset now, int atMost) =>
        _rows.Query(_selectDue, ("@now", Instant.Of(now)), ("@most", (long)atMost));

    public DateTimeOffset? NextWake() => session.Number(SelectNextWake) is { } at ? Instant.At(at) : null;

    public IReadOnlyList<Subscription> HeldBackSince(DateTimeOffset before, int atMost) =>
        session.Query(_selectHeldBack, SubscriptionRows.WithoutFolders, ("@before", Instant.Of(before)), ("@most", (long)atMost));

    public IReadOnlyList<Subscription> Behind(LogPosition position, long afterId, int atMost) =>
        _rows.Query(_selectBehind, ("@position", position.Value), ("@after", afterId), ("@most", (long)atMost));

    public IReadOnlyList<SubscriptionRight> Rights()
    {
        var texts = new TextPool();
        return session.Query(
            SelectRights, row => new SubscriptionRight(texts.Same(row.GetString(0)), texts.Same(row.GetString(1)), texts.Same(row.GetString(2))));
    }

    public IReadOnlyList<long> With(SubscriptionRight right) => session.Query(
        SelectWith,
        static row => row.GetInt64(0),
        ("@key", TextKey.Of(right.Principal)),
        ("@principal", right.Principal),
        ("@mailbox", right.Mailbox),
        ("@notify", right.NotifyAddress));

    public int GiveTo(SubscriptionRight right, string principal) => With(right).Sum(
        id => session.Execute(UpdatePrincipal, ("@principal", principal), ("@key", TextKey.Of(principal)), ("@id", id)));

    public IReadOnlyList<Subscription> Idle(DateTimeOffset now, int atMost) =>
        session.Query(_selectIdle, SubscriptionRows.WithoutFolders, ("@now", Instant.Of(now)), ("@most", (long)atMost));

    public bool IsNotified(string address) =>
        session.Number(SelectNotified, ("@address", address), ("@pull", (long)SubscriptionKind.Pull)) is not null;

    public int CountActive() => (int)(session.Number(CountOpen) ?? 0);

    public IReadOnlySet<long> Mailboxes() => session.Query(SelectMailboxes, static row => row.GetInt64(0)).ToHashSet();

    public IReadOnlyDictionary<SubscriptionState, int> CountByState() => session
        .Query(CountStates, static row => (State: (SubscriptionState)row.GetInt64(0), Count: (int)row.GetInt64(1)))
        .ToDictionary(static group => group.State, static group => group.Count);

    public IReadOnlyList<Subscription> OfRootMessage(string rootMessageId) =>
        _rows.Query(SelectOfRoot, ("@root", rootMessageId));

    public int Purge(DateTimeOffset endedBefore, int atMost)
    {
        var ended = session.Query(
            SelectEnded, static row => row.GetInt64(0), ("@before", Instant.Of(endedBefore)), ("@most", (long)atMost));
        foreach (var id in ended)
        {
            session.Execute(DeleteFolders, ("@id", id));
            session.Execute(DeleteSubscription, ("@id", id));
        }

        return ended.Count;
    }
}
