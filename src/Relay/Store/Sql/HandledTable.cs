using System.Data.Common;
using Relay.Wire.Mime;

namespace Relay.Store.Sql;

/// <inheritdoc cref="IHandledTable"/>
internal sealed class HandledTable(SqlSession session) : IHandledTable
{
    private const string InsertMail = """
        INSERT INTO handled (spool_id, handled_at, request_key, request_id, led_to) VALUES (@id, @now, @key, @request, @ledTo)
        """;

    private const string Columns = "SELECT spool_id, handled_at, request_id, led_to FROM handled";

    private const string SelectOne = Columns + " WHERE spool_id = @id";

    private const string SelectOfRequest = Columns + " WHERE request_key = @key ORDER BY spool_id LIMIT 100";

    // Mails are settled nearly in the order of their ids: what comes before an old row is old enough.
    private const string LastOld = """
        SELECT max(spool_id) FROM (SELECT spool_id, handled_at FROM handled ORDER BY spool_id LIMIT @most) AS oldest WHERE handled_at < @before
        """;

    private const string DeleteOld = "DELETE FROM handled WHERE spool_id <= @last";

    public void Add(HandledMail mail) => session.Execute(
        InsertMail,
        ("@id", mail.SpoolId),
        ("@now", Instant.Of(mail.HandledAt)),
        ("@key", TextKey.Of(MessageId.Normalize(mail.RequestId))),
        ("@request", mail.RequestId),
        ("@ledTo", mail.LedTo.Count == 0 ? null : string.Join('\n', mail.LedTo)));

    public HandledMail? Find(long spoolId) => session.First(SelectOne, ToMail, ("@id", spoolId));

    public IReadOnlyList<HandledMail> OfRequest(string requestId)
    {
        var id = MessageId.Normalize(requestId);
        return session.Query(SelectOfRequest, ToMail, ("@key", TextKey.Of(id))).FindAll(mail => MessageId.Normalize(mail.RequestId) == id);
    }

    public int Purge(DateTimeOffset handledBefore, int atMost) =>
        session.Number(LastOld, ("@most", (long)atMost), ("@before", Instant.Of(handledBefore))) is { } last
            ? session.Execute(DeleteOld, ("@last", last))
            : 0;

    private static HandledMail ToMail(DbDataReader row) =>
        new(row.GetInt64(0), row.GetInstant(1), row.GetString(2), row.TextOrNull(3)?.Split('\n') ?? []);
}
