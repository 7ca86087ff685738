namespace Relay.Store.Sql;

/// <inheritdoc cref="IOperatorActionTable"/>
internal sealed class OperatorActionTable(SqlSession session) : IOperatorActionTable
{
    private const string InsertAction = """
        INSERT INTO operator_action (done_at, spool_id, outbox_id, subscription_id, action) VALUES (@now, @spool, @outbox, @subscription, @action)
        """;

    private const string SelectLast = "SELECT max(id) FROM operator_action";

    private const string SelectAfter = """
        SELECT id, done_at, spool_id, outbox_id, subscription_id, action FROM operator_action WHERE id > @after ORDER BY id LIMIT @most
        """;

    private const string DeleteOld = """
        DELETE FROM operator_action WHERE id IN (SELECT id FROM operator_action WHERE done_at < @before ORDER BY id LIMIT @most)
        """;

    public void Add(OperatorAction action) => session.Execute(
        InsertAction,
        ("@now", Instant.Of(action.DoneAt)),
        ("@spool", action.SpoolId),
        ("@outbox", action.OutboxId),
        ("@subscription", action.SubscriptionId),
        ("@action", action.Action));

    public long LastId() => session.Number(SelectLast) ?? 0;

    public IReadOnlyList<OperatorAction> After(long id, int atMost) => session.Query(
        SelectAfter,
        static row => new OperatorAction(
            row.GetInt64(0), row.GetInstant(1), row.NumberOrNull(2), row.NumberOrNull(3), row.NumberOrNull(4), row.GetString(5)),
        ("@after", id),
        ("@most", (long)atMost));

    public int Purge(DateTimeOffset doneBefore, int atMost) =>
        session.Execute(DeleteOld, ("@before", Instant.Of(doneBefore)), ("@most", (long)atMost));
}
