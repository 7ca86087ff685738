using System.Data.Common;
using Relay.Wire.Ews;

namespace Relay.Store.Sql;

/// <inheritdoc cref="IEventLog"/>
internal sealed class EventLog(SqlSession session, CommitEffects effects) : IEventLog
{
    // The row is held until the commit: where several relays write, positions become visible in their order.
    private const string TakePositions = """
        UPDATE event_log SET last_position = last_position + @count WHERE id = 1 RETURNING last_position
        """;

    private const string InsertEvent = """
        INSERT INTO event (position, mailbox_id, logged_at, caught_up, type, is_folder, time_stamp, object_key, object_id,
                           object_change_key, parent_id, parent_change_key, old_object_id, old_object_change_key,
                           old_parent_id, old_parent_change_key, unread_count, watermark, old_object_key, own)
        VALUES (@position, @mailbox, @now, @caught, @type, @folder, @time, @key, @object,
                @objectChange, @parent, @parentChange, @oldObject, @oldObjectChange,
                @oldParent, @oldParentChange, @unread, @watermark, @oldKey, @own)
        """;

    private const string InsertGap = """
        INSERT INTO event (position, mailbox_id, logged_at, caught_up, type, is_folder, time_stamp, object_key, object_id,
                           gap_from, gap_to, gap_folder, gap_reason)
        VALUES (@position, @mailbox, @now, 0, @type, 0, @to, 0, '', @from, @to, @folder, @reason)
        """;

    private const string Columns = """
        SELECT position, mailbox_id, caught_up, type, is_folder, time_stamp, object_id, object_change_key, parent_id, parent_change_key,
               old_object_id, old_object_change_key, old_parent_id, old_parent_change_key, unread_count, watermark,
               gap_from, gap_to, gap_folder, gap_reason, own, logged_at
        FROM event
        """;

    private const string SelectEnd = "SELECT last_position FROM event_log WHERE id = 1";

    private const string SelectPurged = "SELECT purged_position FROM event_log WHERE id = 1";

    private const string SelectAfter = Columns + " WHERE mailbox_id = @mailbox AND position > @after ORDER BY position LIMIT @most";

    private const string SelectTails = """
        SELECT mailbox_id, max(position) FROM (SELECT mailbox_id, position FROM event WHERE position > @after ORDER BY position LIMIT @most) AS tail
        GROUP BY mailbox_id ORDER BY mailbox_id
        """;

    private const string SelectCreated = """
        SELECT position FROM event
        WHERE object_key = @key AND mailbox_id = @mailbox AND object_id = @object AND type = @type AND position < @before AND is_folder = 0 LIMIT 1
        """;

    private const string SelectTold = """
        SELECT position FROM event
        WHERE object_key = @key AND mailbox_id = @mailbox AND object_id = @object AND type = @type AND parent_id = @parent LIMIT 1
        """;

    private const string SelectMoved = """
        SELECT position FROM event
        WHERE old_object_key = @key AND mailbox_id = @mailbox AND old_object_id = @object AND type = @type AND is_folder = 0 LIMIT 1
        """;

    private const string SelectLast = Columns + """
         WHERE object_key = @key AND mailbox_id = @mailbox AND object_id = @object ORDER BY position DESC LIMIT 1
        """;

    private const string SelectAt = Columns + " WHERE position = @position";

    private const string SelectGaps = Columns + " WHERE gap_to IS NOT NULL ORDER BY position DESC LIMIT @most";

    // Positions rise with time: what comes before an old event is old too, even if a clock that was wrong says otherwise.
    private const string LastToGo = """
        SELECT max(position) FROM (SELECT position, logged_at FROM event WHERE position > @purged ORDER BY position LIMIT @most) AS oldest
        WHERE logged_at < @before OR position <= @end - @kept
        """;

    private const string SelectRetired = """
        SELECT position FROM event WHERE position <= (SELECT purged_position FROM event_log WHERE id = 1) ORDER BY position LIMIT 1
        """;

    private const string LastToRemove = """
        SELECT max(position) FROM (SELECT position FROM event WHERE position <= @purged ORDER BY position LIMIT @most) AS oldest
        """;

    private const string DeleteOld = "DELETE FROM event WHERE position <= @last";

    private const string MarkPurged = "UPDATE event_log SET purged_position = @last WHERE id = 1";

    public IReadOnlyList<LogPosition> Append(
        long mailboxId, IReadOnlyList<MailboxEvent> events, bool caughtUp, DateTimeOffset now, Predicate<MailboxEvent>? isOwn)
    {
        if (events.Count == 0)
        {
            return [];
        }

        var last = session.Number(TakePositions, ("@count", (long)events.Count)) ?? throw Missing();
        var positions = new LogPosition[events.Count];
        for (var i = 0; i < events.Count; i++)
        {
            positions[i] = new LogPosition(last - events.Count + 1 + i);
            Insert(positions[i], mailboxId, events[i], caughtUp, now, isOwn?.Invoke(events[i]) ?? false);
        }

        effects.LogHasEvents();
        effects.Count(TallyItem.Events, events.Count);
        effects.Count(TallyItem.EventsCaughtUp, caughtUp ? events.Count : 0);
        return positions;
    }

    public LogPosition AppendGap(long mailboxId, EventGap gap, DateTimeOffset now)
    {
        var position = new LogPosition(session.Number(TakePositions, ("@count", 1L)) ?? throw Missing());
        session.Execute(
            InsertGap,
            ("@position", position.Value),
            ("@mailbox", mailboxId),
            ("@now", Instant.Of(now)),
            ("@type", (long)MailboxEventType.Status),
            ("@to", Instant.Of(gap.To)),
            ("@from", gap.From is { } from ? Instant.Of(from) : null),
            ("@folder", gap.FolderId),
            ("@reason", gap.Reason));
        effects.LogHasEvents();
        effects.Count(TallyItem.Gaps);
        return position;
    }

    public LogPosition End() => new(session.Number(SelectEnd) ?? throw Missing());

    public LogPosition OldestRetained() => new(session.Number(SelectPurged) ?? throw Missing());

    public IReadOnlyList<LoggedEvent> After(long mailboxId, LogPosition after, int atMost) =>
        session.Query(SelectAfter, ToEvent, ("@mailbox", mailboxId), ("@after", after.Value), ("@most", (long)atMost));

    public IReadOnlyList<MailboxTail> MailboxesAfter(LogPosition after, int atMostEvents) => session.Query(
        SelectTails,
        static row => new MailboxTail(row.GetInt64(0), new LogPosition(row.GetInt64(1))),
        ("@after", after.Value),
        ("@most", (long)atMostEvents));

    public bool HasCreated(long mailboxId, string itemId, LogPosition before) => session.Number(
        SelectCreated,
        ("@key", TextKey.Of(itemId)),
        ("@mailbox", mailboxId),
        ("@object", itemId),
        ("@type", (long)MailboxEventType.Created),
        ("@before", before.Value)) is not null;

    public bool Tells(long mailboxId, MailboxEventType type, string objectId, string parentFolderId) => session.Number(
        SelectTold,
        ("@key", TextKey.Of(objectId)),
        ("@mailbox", mailboxId),
        ("@object", objectId),
        ("@type", (long)type),
        ("@parent", parentFolderId)) is not null;

    public bool TellsMoveOf(long mailboxId, string oldItemId) => session.Number(
        SelectMoved,
        ("@key", TextKey.Of(oldItemId)),
        ("@mailbox", mailboxId),
        ("@object", oldItemId),
        ("@type", (long)MailboxEventType.Moved)) is not null;

    public LoggedEvent? LastOf(long mailboxId, string objectId) =>
        session.First(SelectLast, ToEvent, ("@key", TextKey.Of(objectId)), ("@mailbox", mailboxId), ("@object", objectId));

    public LoggedEvent? At(LogPosition position) => session.First(SelectAt, ToEvent, ("@position", position.Value));

    public IReadOnlyList<LoggedEvent> LastGaps(int atMost) => session.Query(SelectGaps, ToEvent, ("@most", (long)atMost));

    public bool Retire(DateTimeOffset loggedBefore, long mostKept, int atMost)
    {
        var last = session.Number(
            LastToGo,
            ("@purged", OldestRetained().Value),
            ("@most", (long)atMost),
            ("@before", Instant.Of(loggedBefore)),
            ("@end", End().Value),
            ("@kept", mostKept));
        return last is { } position && session.Execute(MarkPurged, ("@last", position)) > 0;
    }

    public bool HasRetired() => session.Number(SelectRetired) is not null;

    public int Remove(LogPosition upTo, int atMost) =>
        session.Number(LastToRemove, ("@purged", Math.Min(upTo.Value, OldestRetained().Value)), ("@most", (long)atMost)) is { } last
            ? session.Execute(DeleteOld, ("@last", last))
            : 0;

    private static LoggedEvent ToEvent(DbDataReader row) => new(
        new LogPosition(row.GetInt64(0)),
        row.GetInt64(1),
        new MailboxEvent
        {
            Type = (MailboxEventType)row.GetInt64(3),
            IsFolder = row.Flag(4),
            TimeStamp = row.GetInstant(5),
            Object = new EwsId(row.GetString(6), row.TextOrNull(7)),
            ParentFolder = IdOrNull(row, 8) ?? default,
            OldObject = IdOrNull(row, 10),
            OldParentFolder = IdOrNull(row, 12),
            UnreadCount = (int?)row.NumberOrNull(14),
            Watermark = row.TextOrNull(15),
        },
        row.Flag(2))
    {
        Own = row.Flag(20),
        LoggedAt = row.GetInstant(21),
        Gap = row.NumberOrNull(17) is { } to
            ? new EventGap(row.NumberOrNull(16) is { } from ? Instant.At(from) : null, Instant.At(to), row.TextOrNull(18), row.GetString(19))
            : null,
    };

    private static EwsId? IdOrNull(DbDataReader row, int column) =>
        row.TextOrNull(column) is { } id ? new EwsId(id, row.TextOrNull(column + 1)) : null;

    private static StoreUnavailableException Missing() => new(StoreFault.Damaged, "The event log has lost its counter.");

    private void Insert(
        LogPosition position, long mailboxId, MailboxEvent happened, bool caughtUp, DateTimeOffset now, bool isOwn) => session.Execute(
        InsertEvent,
        ("@position", position.Value),
        ("@mailbox", mailboxId),
        ("@now", Instant.Of(now)),
        ("@caught", caughtUp ? 1L : 0L),
        ("@type", (long)happened.Type),
        ("@folder", happened.IsFolder ? 1L : 0L),
        ("@time", Instant.Of(happened.TimeStamp)),
        ("@key", TextKey.Of(happened.Object.Id)),
        ("@object", happened.Object.Id),
        ("@objectChange", happened.Object.ChangeKey),
        ("@parent", happened.ParentFolder.Id),
        ("@parentChange", happened.ParentFolder.ChangeKey),
        ("@oldObject", happened.OldObject?.Id),
        ("@oldObjectChange", happened.OldObject?.ChangeKey),
        ("@oldParent", happened.OldParentFolder?.Id),
        ("@oldParentChange", happened.OldParentFolder?.ChangeKey),
        ("@unread", (long?)happened.UnreadCount),
        ("@watermark", happened.Watermark),
        ("@oldKey", happened.OldObject is { } old ? TextKey.Of(old.Id) : null),
        ("@own", isOwn ? 1L : 0L));
}
