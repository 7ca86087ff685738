using System.Data.Common;

namespace Relay.Store.Sql;

/// <summary>What is looked up, listed and counted in the spool.</summary>
internal sealed class SpoolEntries(SqlSession session)
{
    private const string EntryColumns = """
        SELECT id, state, received_at, mail_id, reverse_path, recipients, length, attempts, due_at, note,
               via, client_address, hello_name, tls, account
        FROM spool
        """;

    private const string SelectEntry = EntryColumns + " WHERE id = @id";

    private const string SelectByMailId = EntryColumns + " WHERE mail_id = @mail ORDER BY id DESC LIMIT 1";

    private const string SelectWishes = "SELECT wishes FROM spool WHERE id = @id";

    private const string ListAll = EntryColumns + " WHERE id > @after ORDER BY id LIMIT @most";

    private const string ListOpen = EntryColumns + " WHERE due_at IS NOT NULL AND state = @state AND id > @after ORDER BY id LIMIT @most";

    private const string ListSetAside = EntryColumns + " WHERE state = 3 AND id > @after ORDER BY id LIMIT @most";

    private const string ListDone = EntryColumns + " WHERE state = 2 AND id > @after ORDER BY id LIMIT @most";

    private const string CountOpen = "SELECT state, count(*), min(received_at) FROM spool WHERE due_at IS NOT NULL GROUP BY state";

    private const string CountSetAside = "SELECT count(*) FROM spool WHERE state = 3";

    private const string SelectBeyond = "SELECT id FROM spool WHERE due_at IS NOT NULL LIMIT 1 OFFSET @before";

    public SpoolEntry? Find(long id) => session.First(SelectEntry, ToEntry, ("@id", id));

    public SpoolEntry? FindByMailId(string mailId) => session.First(SelectByMailId, ToEntry, ("@mail", mailId));

    public ReportWishes? Wishes(long id) => session.First(SelectWishes, static row => ReportWishes.Read(row.TextOrNull(0)), ("@id", id));

    public IReadOnlyList<SpoolEntry> List(SpoolState? state, long afterId, int atMost) => state switch
    {
        null => session.Query(ListAll, ToEntry, ("@after", afterId), ("@most", (long)atMost)),
        SpoolState.SetAside => session.Query(ListSetAside, ToEntry, ("@after", afterId), ("@most", (long)atMost)),
        SpoolState.Done => session.Query(ListDone, ToEntry, ("@after", afterId), ("@most", (long)atMost)),
        _ => session.Query(ListOpen, ToEntry, ("@state", (long)state), ("@after", afterId), ("@most", (long)atMost)),
    };

    public bool HasWaiting(int most) => session.Number(SelectBeyond, ("@before", most - 1L)) is not null;

    public QueueCounts Counts() => OpenCounts.Read(session, CountOpen, CountSetAside);

    private static SpoolEntry ToEntry(DbDataReader row) => new(
        row.GetInt64(0),
        (SpoolState)row.GetInt64(1),
        row.GetInstant(2),
        row.GetString(3),
        row.TextOrNull(4),
        row.GetString(5).Split('\n'),
        row.Origin(10),
        row.GetInt64(6),
        (int)row.GetInt64(7),
        row.DueAt(8),
        row.TextOrNull(9));
}
