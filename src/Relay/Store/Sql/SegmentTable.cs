using Relay.Store.Segments;

namespace Relay.Store.Sql;

/// <summary>What the database knows of the segments of the spool: how far they have been read, and which are still named.</summary>
internal sealed class SegmentTable(SqlSession session)
{
    private const string SelectMovedTo = "SELECT segment, segment_offset FROM spool_log WHERE id = 1";

    private const string UpdateMovedTo = "UPDATE spool_log SET segment = @segment, segment_offset = @offset WHERE id = 1";

    private const string SelectNamed = "SELECT 1 FROM spool WHERE segment = @segment LIMIT 1";

    /// <summary>Every record before it has its row.</summary>
    public RecordPosition MovedTo() =>
        session.First(SelectMovedTo, static row => (RecordPosition?)new RecordPosition(row.GetInt64(0), row.GetInt64(1)))
        ?? throw new StoreUnavailableException(StoreFault.Damaged, "The spool has lost how far its segments were read.");

    /// <summary>Belongs in the transaction that adds the rows.</summary>
    public void MarkMoved(RecordPosition to) => session.Execute(UpdateMovedTo, ("@segment", to.Segment), ("@offset", to.Offset));

    /// <summary>Whether the content of any row lies in the segment.</summary>
    public bool Names(long segment) => session.Number(SelectNamed, ("@segment", segment)) is not null;
}
