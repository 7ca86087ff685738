using System.Data.Common;

namespace Relay.Store.Sql;

/// <inheritdoc cref="IStreamTable"/>
internal sealed class StreamTable(SqlSession session) : IStreamTable
{
    private const string InsertStream = "INSERT INTO stream (ends_at, frame) VALUES (@ends, @frame) RETURNING id";

    private const string CloseOlder = """
        UPDATE stream SET ends_at = 0, end_reason = 1, end_subscription = @subscription
        WHERE end_reason = 0 AND id = (SELECT stream_id FROM stream_subscription WHERE subscription_id = @subscription)
        """;

    private const string TakeSubscription = """
        INSERT INTO stream_subscription (subscription_id, stream_id) VALUES (@subscription, @stream)
        ON CONFLICT (subscription_id) DO UPDATE SET stream_id = excluded.stream_id
        """;

    private const string Columns = "SELECT id, ends_at, frame, end_reason, end_subscription FROM stream";

    private const string SelectOne = Columns + " WHERE id = @id";

    private const string SelectOfSubscription = Columns + """
         WHERE end_reason = 0 AND id = (SELECT stream_id FROM stream_subscription WHERE subscription_id = @subscription)
        """;

    private const string SelectEnding = Columns + " WHERE ends_at <= @now ORDER BY ends_at, id";

    private const string SelectNextEnd = "SELECT min(ends_at) FROM stream";

    private const string SelectSubscriptions = "SELECT subscription_id FROM stream_subscription WHERE stream_id = @id ORDER BY subscription_id";

    private const string DeleteSubscriptions = "DELETE FROM stream_subscription WHERE stream_id = @id";

    private const string DeleteStream = "DELETE FROM stream WHERE id = @id";

    public long Open(string frame, DateTimeOffset endsAt, IReadOnlyList<long> subscriptionIds)
    {
        long id = session.Number(InsertStream, ("@ends", Instant.Of(endsAt)), ("@frame", frame))
            ?? throw new InvalidOperationException("An inserted row has an id.");
        foreach (long subscription in subscriptionIds)
        {
            session.Execute(CloseOlder, ("@subscription", subscription));
            session.Execute(TakeSubscription, ("@subscription", subscription), ("@stream", id));
        }

        return id;
    }

    public OpenStream? Of(long subscriptionId) => session.First(SelectOfSubscription, Read, ("@subscription", subscriptionId)) is { } stream
        ? WithSubscriptions(stream)
        : null;

    public OpenStream? Find(long id) => session.First(SelectOne, Read, ("@id", id)) is { } stream ? WithSubscriptions(stream) : null;

    public IReadOnlyList<OpenStream> Ending(DateTimeOffset now) =>
        session.Query(SelectEnding, Read, ("@now", Instant.Of(now))).ConvertAll(WithSubscriptions);

    public DateTimeOffset? NextEnd() => session.Number(SelectNextEnd) is { } end ? Instant.At(end) : null;

    public bool Remove(long id)
    {
        session.Execute(DeleteSubscriptions, ("@id", id));
        return session.Execute(DeleteStream, ("@id", id)) > 0;
    }

    private static OpenStream Read(DbDataReader row) => new(
        row.GetInt64(0), row.GetInstant(1), row.GetString(2), (StreamEndReason)row.GetInt64(3), row.NumberOrNull(4), []);

    private OpenStream WithSubscriptions(OpenStream stream) => stream with
    {
        Subscriptions = session.Query(SelectSubscriptions, static row => row.GetInt64(0), ("@id", stream.Id)),
    };
}
