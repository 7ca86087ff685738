using System.Data.Common;

namespace Relay.Store.Sql;

/// <inheritdoc cref="IOutboxTable"/>
internal sealed class OutboxTable(SqlSession session, CommitEffects effects) : IOutboxTable
{
    private const string InsertMail = """
        INSERT INTO outbox (due_at, state, attempts, kind, created_at, reverse_path, recipient,
                            message_id, message_key, subscription_id, sequence, length, lane, wishes, cursor_before)
        VALUES (0, 0, 0, @kind, @created, @path, @recipient, @message, @key, @subscription, @sequence, @length, @lane, @wishes,
                (SELECT cursor FROM subscription WHERE id = @subscription))
        RETURNING id
        """;

    private const string InsertContent = "INSERT INTO outbox_content (id, octets) VALUES (@id, @octets)";

    private const string SelectOctets = "SELECT octets FROM outbox_content WHERE id = @id";

    private const string RenewClaim = "UPDATE outbox SET due_at = @until WHERE id = @id AND state = 1 AND due_at = @held";

    private const string DeliverMail = """
        UPDATE outbox SET state = 2, due_at = NULL, settled_at = @now, note = @note WHERE id = @id AND due_at IS NOT NULL
        """;

    private const string RetryMail = "UPDATE outbox SET state = 0, due_at = @due, note = @note WHERE id = @id AND due_at IS NOT NULL";

    private const string PutMailBack = """
        UPDATE outbox SET state = 0, attempts = CASE WHEN attempts > 0 THEN attempts - 1 ELSE 0 END, due_at = @due, note = @note
        WHERE id = @id AND state = 1 AND due_at = @held
        """;

    private const string GiveMailUp = """
        UPDATE outbox SET state = 3, due_at = NULL, settled_at = @now, note = @note WHERE id = @id AND due_at IS NOT NULL
        """;

    // A mail that was taken is given up after the fact; its note begins to tell so, and a second report finds nothing to change.
    private const string ReturnMail = """
        UPDATE outbox SET state = 3, due_at = NULL, settled_at = @now, note = @note WHERE id = @id AND state <> 3
        """;

    private const string RetryMailNow = """
        UPDATE outbox SET state = 0, due_at = 0, attempts = 0, settled_at = NULL WHERE id = @id AND state IN (0, 3)
        """;

    private const string RepeatMail = """
        UPDATE outbox SET state = 0, due_at = 0, attempts = 0, settled_at = NULL WHERE id = @id AND state IN (2, 3)
        """;

    private const string DiscardMail = """
        UPDATE outbox SET state = 4, due_at = NULL, settled_at = @now, note = @note WHERE id = @id AND state IN (0, 3)
        """;

    private const string TellDelay = "UPDATE outbox SET delay_told = 1 WHERE id = @id AND delay_told IS NULL";

    private const string AppendHistory = "UPDATE outbox SET history = coalesce(history, '') || @line WHERE id = @id";

    private const string SelectWishes = "SELECT wishes FROM outbox WHERE id = @id";

    private const string SelectTrail = "SELECT settled_at, history FROM outbox WHERE id = @id";

    private const string DeleteMail = "DELETE FROM outbox WHERE id = @id AND state <> 1";

    private const string DeleteContent = "DELETE FROM outbox_content WHERE id = @id";

    private const string SelectWaitingOfSubscription = """
        SELECT id FROM outbox WHERE subscription_id = @subscription AND due_at IS NOT NULL AND state = 0 AND kind = 1
        """;

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

    private const string SelectAnswerBeyond = "SELECT id FROM outbox WHERE kind = 0 AND due_at IS NOT NULL LIMIT 1 OFFSET @before";

    private const string SelectNotificationBeyond = "SELECT id FROM outbox WHERE kind = 1 AND due_at IS NOT NULL LIMIT 1 OFFSET @before";

    private const string SelectPassedOnBeyond = """
        SELECT id FROM outbox WHERE kind = 1 AND due_at IS NOT NULL AND subscription_id IS NULL LIMIT 1 OFFSET @before
        """;

    private const string CountAnswersByLane = "SELECT lane, count(*) FROM outbox WHERE kind = 0 AND due_at IS NOT NULL GROUP BY lane";

    private const string CountGivenUp = "SELECT count(*) FROM outbox WHERE state = 3";

    private const string SelectSubscriptions = """
        SELECT DISTINCT subscription_id FROM outbox
        WHERE due_at IS NOT NULL AND subscription_id IS NOT NULL ORDER BY subscription_id
        """;

    private const string SelectOneOfSubscription = """
        SELECT id FROM outbox WHERE subscription_id = @subscription AND due_at IS NOT NULL LIMIT 1
        """;

    // A claim that a crash cut says nothing of the mail. Counted as attempts, a few crashes would put it off for hours at its next 4yz.
    private const string ReleaseClaims = """
        UPDATE outbox SET state = 0, attempts = CASE WHEN attempts > 0 THEN attempts - 1 ELSE 0 END, due_at = 0 WHERE due_at IS NOT NULL AND state = 1
        """;

    private const string BringMailsForward = "UPDATE outbox SET due_at = 0 WHERE kind = @kind AND due_at > @latest AND state = 0";

    private const string SelectOld = """
        SELECT id FROM outbox WHERE due_at IS NULL AND settled_at < @before ORDER BY settled_at LIMIT @most
        """;

    private readonly string _claimMails = $"""
        WITH due AS MATERIALIZED (
            SELECT id FROM outbox WHERE kind = @kind AND due_at <= @now AND @busy NOT LIKE '%,' || CAST(lane AS TEXT) || ',%'
            ORDER BY due_at, id LIMIT @most {session.Dialect.SkipLocked})
        UPDATE outbox SET state = 1, due_at = @until, attempts = attempts + CASE WHEN state = 1 THEN 0 ELSE 1 END WHERE id IN (SELECT id FROM due)
        RETURNING id, reverse_path, recipient, message_id, length, subscription_id, sequence, attempts, created_at, lane, wishes
        """;

    public long Add(NewOutboxMail mail)
    {
        var id = session.Number(
            InsertMail,
            ("@kind", (long)mail.Kind),
            ("@created", Instant.Of(mail.CreatedAt)),
            ("@path", mail.ReversePath),
            ("@recipient", mail.Recipient),
            ("@message", mail.MessageId),
            ("@key", TextKey.Of(mail.MessageId)),
            ("@subscription", mail.SubscriptionId),
            ("@sequence", mail.Sequence),
            ("@length", (long)mail.Content.Length),
            ("@lane", LaneKey.Of(mail.Recipient)),
            ("@wishes", mail.Wishes?.Write())) ?? throw new InvalidOperationException("An inserted row has an id.");
        session.Execute(InsertContent, ("@id", id), ("@octets", Blob.Of(mail.Content)));
        effects.OutboxHasWork();
        effects.Count(TallyItem.OutboxAdded);
        return id;
    }

    public IReadOnlyList<OutboxMail> Claim(
        int atMost, DateTimeOffset now, TimeSpan lease, IReadOnlyCollection<long>? busyLanes = null, bool answersOnly = false)
    {
        string busy = busyLanes is null or { Count: 0 } ? "," : $",{string.Join(',', busyLanes)},";
        var mails = ClaimKind(OutboxKind.Answer, atMost, now, lease, busy);
        if (mails.Count < atMost && !answersOnly)
        {
            mails.AddRange(ClaimKind(OutboxKind.Notification, atMost - mails.Count, now, lease, busy));
        }

        return mails;
    }

    public OutboxMail? Renew(OutboxMail mail, DateTimeOffset now, TimeSpan lease)
    {
        long until = Instant.DueFrom(now + lease);
        return session.Execute(RenewClaim, ("@until", until), ("@id", mail.Id), ("@held", Instant.Of(mail.ClaimedUntil))) > 0
            ? mail with { ClaimedUntil = Instant.At(until) }
            : null;
    }

    public bool Delivered(long id, string reply, DateTimeOffset now) =>
        effects.CountIf(session.Execute(DeliverMail, ("@now", Instant.Of(now)), ("@note", reply), ("@id", id)) > 0, TallyItem.Delivered);

    public bool Retry(long id, DateTimeOffset notBefore, string note)
    {
        effects.OutboxHasWork();
        return effects.CountIf(session.Execute(RetryMail, ("@due", Instant.DueFrom(notBefore)), ("@note", note), ("@id", id)) > 0, TallyItem.Deferred);
    }

    public bool PutBack(OutboxMail mail, DateTimeOffset notBefore, string note)
    {
        effects.OutboxHasWork();
        bool isBack = session.Execute(
            PutMailBack, ("@due", Instant.DueFrom(notBefore)), ("@note", note), ("@id", mail.Id), ("@held", Instant.Of(mail.ClaimedUntil))) > 0;
        return effects.CountIf(isBack, TallyItem.PutBack);
    }

    public bool GiveUp(long id, string note, DateTimeOffset now) =>
        effects.CountIf(session.Execute(GiveMailUp, ("@now", Instant.Of(now)), ("@note", note), ("@id", id)) > 0, TallyItem.GivenUp);

    public bool Returned(long id, string note, DateTimeOffset now) =>
        session.Execute(ReturnMail, ("@now", Instant.Of(now)), ("@note", note), ("@id", id)) > 0;

    public bool RetryNow(long id)
    {
        effects.OutboxHasWork();
        return session.Execute(RetryMailNow, ("@id", id)) > 0;
    }

    public bool Repeat(long id)
    {
        effects.OutboxHasWork();
        return session.Execute(RepeatMail, ("@id", id)) > 0;
    }

    public bool Drop(long id)
    {
        if (session.Execute(DeleteMail, ("@id", id)) == 0)
        {
            return false;
        }

        session.Execute(DeleteContent, ("@id", id));
        return true;
    }

    public int DropOfSubscription(long subscriptionId) => session
        .Query(SelectWaitingOfSubscription, static row => row.GetInt64(0), ("@subscription", subscriptionId))
        .Count(Drop);

    public bool Discard(long id, string note, DateTimeOffset now) =>
        effects.CountIf(session.Execute(DiscardMail, ("@now", Instant.Of(now)), ("@note", note), ("@id", id)) > 0, TallyItem.Dropped);

    public void NoteFailure(long id, FailedAttempt attempt) =>
        session.Execute(AppendHistory, ("@line", AttemptLines.Write(attempt)), ("@id", id));

    public bool NoteDelayTold(long id) => session.Execute(TellDelay, ("@id", id)) > 0;

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

    public int ReleaseAllClaims() => session.Execute(ReleaseClaims);

    public int BringForward(DateTimeOffset latest) =>
        BringForward(OutboxKind.Answer, latest) + BringForward(OutboxKind.Notification, latest);

    public int Purge(DateTimeOffset settledBefore, int atMost)
    {
        var old = session.Query(
            SelectOld, static row => row.GetInt64(0), ("@before", Instant.Of(settledBefore)), ("@most", (long)atMost));
        return old.Count(Drop);
    }

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

    private List<OutboxMail> ClaimKind(OutboxKind kind, int atMost, DateTimeOffset now, TimeSpan lease, string busy)
    {
        long until = Instant.DueFrom(now + lease);
        var claimed = session.Query(
            _claimMails,
            row => new OutboxMail(
                row.GetInt64(0),
                kind,
                row.TextOrNull(1),
                row.GetString(2),
                row.GetString(3),
                row.GetInt64(4),
                row.NumberOrNull(5),
                row.NumberOrNull(6),
                (int)row.GetInt64(7),
                row.GetInstant(8),
                row.GetInt64(9))
            {
                Wishes = ReportWishes.Read(row.TextOrNull(10)),
                ClaimedUntil = Instant.At(until),
            },
            ("@kind", (long)kind),
            ("@now", Instant.Of(now)),
            ("@busy", busy),
            ("@most", (long)atMost),
            ("@until", until));
        claimed.Sort(static (a, b) => a.Id.CompareTo(b.Id)); // RETURNING promises no order.
        return claimed;
    }

    private int BringForward(OutboxKind kind, DateTimeOffset latest) =>
        session.Execute(BringMailsForward, ("@kind", (long)kind), ("@latest", Instant.Of(latest)));
}
