namespace Relay.Store.Sql;

/// <summary>Counts of a queue, from a statement of (state, count, oldest) for open rows and one for failed rows.</summary>
internal static class OpenCounts
{
    private const long Waiting = 0;
    private const long Claimed = 1;

    public static QueueCounts Read(SqlSession session, string countOpen, string countFailed)
    {
        var open = session.Query(
            countOpen, static row => (State: row.GetInt64(0), Count: (int)row.GetInt64(1), Oldest: row.GetInstant(2)));
        return new QueueCounts(
            open.Where(static group => group.State == Waiting).Sum(static group => group.Count),
            open.Where(static group => group.State == Claimed).Sum(static group => group.Count),
            (int)(session.Number(countFailed) ?? 0),
            open.Count == 0 ? null : open.Min(static group => group.Oldest));
    }
}
