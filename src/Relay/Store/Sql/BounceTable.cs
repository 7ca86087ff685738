using System.Data.Common;

namespace Relay.Store.Sql;

/// <inheritdoc cref="IBounceTable"/>
internal sealed class BounceTable(SqlSession session) : IBounceTable
{
    private const string Columns = """
        SELECT subscription_id, score, last_at, suspended_at, next_at, missed_from, probes, probe_id, reason, troubled_since FROM bounce
        """;

    private const string SelectOne = Columns + " WHERE subscription_id = @id";

    private const string SelectDue = Columns + " WHERE next_at <= @now ORDER BY next_at LIMIT @most";

    private const string DeleteOne = "DELETE FROM bounce WHERE subscription_id = @id";

    private const string Insert = """
        INSERT INTO bounce (subscription_id, score, last_at, suspended_at, next_at, missed_from, probes, probe_id, reason, troubled_since)
        VALUES (@id, @score, @last, @suspended, @next, @missed, @probes, @probe, @reason, @troubled)
        """;

    public BounceRecord? Find(long subscriptionId) => session.First(SelectOne, Read, ("@id", subscriptionId));

    public void Save(BounceRecord record)
    {
        Remove(record.SubscriptionId);
        session.Execute(
            Insert,
            ("@id", record.SubscriptionId),
            ("@score", (long)record.Score),
            ("@last", Instant.Of(record.LastAt)),
            ("@suspended", record.SuspendedAt is { } suspended ? Instant.Of(suspended) : null),
            ("@next", record.NextAt is { } next ? Instant.Of(next) : null),
            ("@missed", record.MissedFrom?.Value),
            ("@probes", (long)record.Probes),
            ("@probe", record.ProbeId),
            ("@reason", record.Reason),
            ("@troubled", record.TroubledSince is { } troubled ? Instant.Of(troubled) : null));
    }

    public bool Remove(long subscriptionId) => session.Execute(DeleteOne, ("@id", subscriptionId)) > 0;

    public IReadOnlyList<BounceRecord> Due(DateTimeOffset now, int atMost) =>
        session.Query(SelectDue, Read, ("@now", Instant.Of(now)), ("@most", (long)atMost));

    private static BounceRecord Read(DbDataReader row) => new(
        row.GetInt64(0),
        (int)row.GetInt64(1),
        row.GetInstant(2),
        row.InstantOrNull(3),
        row.InstantOrNull(4),
        row.NumberOrNull(5) is { } missed ? new LogPosition(missed) : null,
        (int)row.GetInt64(6),
        row.TextOrNull(7),
        row.GetString(8))
    {
        TroubledSince = row.InstantOrNull(9),
    };
}
