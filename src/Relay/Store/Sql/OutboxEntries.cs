using System.Data.Common;

namespace Relay.Store.Sql;

/// <summary>What is looked up, listed and counted in the outbox.</summary>
internal sealed class OutboxEntries(SqlSession session)
{
    private const string EntryColumns = """
        SELECT id, kind, state, reverse_path, recipient, message_id, length, subscription_id, sequence, attempts, created_at, due_at, note,
               cursor_before
        FROM outbox
        """;

    private const string SelectEntry = EntryColumns + " WHERE id = @id";

    private const string SelectByMessage = EntryColumns + " WHERE message_key = @key AND message_id = @message";

    private const string SelectByKey = EntryColumns + " WHERE message_key = @key";

    private const string SelectLastOfSubscription = EntryColumns + """
         WHERE subscription_id = @subscription AND sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1
        """;

    private const string ListOfMessage = SelectByMessage + " ORDER BY id LIMIT 100";

    private const string ListOfSubscription = EntryColumns + " WHERE subscription_id = @subscription ORDER BY id DESC LIMIT @most";

    private const string ListAll = EntryColumns + " WHERE id > @after ORDER BY id LIMIT @most";

    private const string ListOpen = EntryColumns + " WHERE due_at IS NOT NULL AND state = @state AND id > @after ORDER BY id LIMIT @most";

    private const string ListGivenUp = EntryColumns + " WHERE state = 3 AND id > @after ORDER BY id LIMIT @most";

    private const string ListSettled = EntryColumns + " WHERE state = @state AND id > @after ORDER BY id LIMIT @most";

    private const string CountOpen = "SELECT state, count(*), min(created_at) FROM outbox WHERE due_at IS NOT NULL GROUP BY state";

    private const string CountGivenUp = "SELECT count(*) FROM outbox WHERE state = 3";

    private const string SelectAnswerBeyond = "SELECT id FROM outbox WHERE kind = 0 AND due_at IS NOT NULL LIMIT 1 OFFSET @before";

    private const string SelectNotificationBeyond = "SELECT id FROM outbox WHERE kind = 1 AND due_at IS NOT NULL LIMIT 1 OFFSET @before";

    private const string SelectPassedOnBeyond = """
        SELECT id FROM outbox WHERE kind = 1 AND due_at IS NOT NULL AND subscription_id IS NULL LIMIT 1 OFFSET @before
        """;

    private const string CountAnswersByLane = "SELECT lane, count(*) FROM outbox WHERE kind = 0 AND due_at IS NOT NULL GROUP BY lane";

    private const string SelectSubscriptions = """
        SELECT DISTINCT subscription_id FROM outbox
        WHERE due_at IS NOT NULL AND subscription_id IS NOT NULL ORDER BY subscription_id
        """;

    private const string SelectOneOfSubscription = """
        SELECT id FROM outbox WHERE subscription_id = @subscription AND due_at IS NOT NULL LIMIT 1
        """;

    private const string SelectTrail = "SELECT settled_at, history FROM outbox WHERE id = @id";

    private const string SelectWishes = "SELECT wishes FROM outbox WHERE id = @id";

    private const string SelectOctets = "SELECT octets FROM outbox_content WHERE id = @id";

    public OutboxTrail? Trail(long id) =>
        session.First(SelectTrail, static row => new OutboxTrail(row.InstantOrNull(0), AttemptLines.Read(row.TextOrNull(1))), ("@id", id));

    public ReportWishes? Wishes(long id) => session.First(SelectWishes, static row => ReportWishes.Read(row.TextOrNull(0)), ("@id", id));

    public IReadOnlyList<OutboxEntry> OfSubscription(long subscriptionId, int atMost)
    {
        var newestFirst = session.Query(ListOfSubscription, ToEntry, ("@subscription", subscriptionId), ("@most", (long)atMost));
        newestFirst.Reverse();
        return newestFirst;
    }

    public OutboxEntry? Find(long id) => session.First(SelectEntry, ToEntry, ("@id", id));

    public OutboxEntry? FindByMessageId(string messageId) =>
        session.First(SelectByMessage, ToEntry, ("@key", TextKey.Of(messageId)), ("@message", messageId));

    public OutboxEntry? FindByMessageKey(long key) => session.First(SelectByKey, ToEntry, ("@key", key));

    public OutboxEntry? LastOfSubscription(long subscriptionId) =>
        session.First(SelectLastOfSubscription, ToEntry, ("@subscription", subscriptionId));

    public IReadOnlyList<OutboxEntry> OfMessageId(string messageId) =>
        session.Query(ListOfMessage, ToEntry, ("@key", TextKey.Of(messageId)), ("@message", messageId));

    public ReadOnlyMemory<byte>? Content(long id) =>
        session.First(SelectOctets, static row => row.Octets(0), ("@id", id)) is { } octets ? octets : (ReadOnlyMemory<byte>?)null;

    public IReadOnlyList<OutboxEntry> List(OutboxState? state, long afterId, int atMost) => state switch
    {
        null => session.Query(ListAll, ToEntry, ("@after", afterId), ("@most", (long)atMost)),
        OutboxState.GivenUp => session.Query(ListGivenUp, ToEntry, ("@after", afterId), ("@most", (long)atMost)),
        OutboxState.Delivered or OutboxState.Dropped =>
            session.Query(ListSettled, ToEntry, ("@state", (long)state), ("@after", afterId), ("@most", (long)atMost)),
        _ => session.Query(ListOpen, ToEntry, ("@state", (long)state), ("@after", afterId), ("@most", (long)atMost)),
    };

    public bool HasAnswersWaiting(int most) => session.Number(SelectAnswerBeyond, ("@before", most - 1L)) is not null;

    public bool HasPassedOnWaiting(int most) =>
        session.Number(SelectNotificationBeyond, ("@before", most - 1L)) is not null && session.Number(SelectPassedOnBeyond, ("@before", most - 1L)) is not null;

    public IReadOnlyDictionary<long, long> AnswersWaiting() =>
        session.Query(CountAnswersByLane, static row => (Lane: row.GetInt64(0), Count: row.GetInt64(1))).ToDictionary(one => one.Lane, one => one.Count);

    public QueueCounts Counts() => OpenCounts.Read(session, CountOpen, CountGivenUp);

    public IReadOnlyList<long> SubscriptionsWithMailUnderWay() => session.Query(SelectSubscriptions, static row => row.GetInt64(0));

    public bool HasMailUnderWay(long subscriptionId) => session.Number(SelectOneOfSubscription, ("@subscription", subscriptionId)) is not null;

    private static OutboxEntry ToEntry(DbDataReader row) => new(
        row.GetInt64(0),
        (OutboxKind)row.GetInt64(1),
        (OutboxState)row.GetInt64(2),
        row.TextOrNull(3),
        row.GetString(4),
        row.GetString(5),
        row.GetInt64(6),
        row.NumberOrNull(7),
        row.NumberOrNull(8),
        (int)row.GetInt64(9),
        row.GetInstant(10),
        row.DueAt(11),
        row.TextOrNull(12),
        row.NumberOrNull(13) is { } cursor ? new LogPosition(cursor) : null);
}
