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

    private const string DeleteMail = "DELETE FROM outbox WHERE id = @id AND state <> 1";

    private const string DeleteContent = "DELETE FROM outbox_content WHERE id = @id";

    private const string SelectWaitingOfSubscription = """
        SELECT id FROM outbox WHERE subscription_id = @subscription AND due_at IS NOT NULL AND state = 0 AND kind = 1
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

    private readonly OutboxEntries _entries = new(session);

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

    public OutboxTrail? Trail(long id) => _entries.Trail(id);

    public ReportWishes? Wishes(long id) => _entries.Wishes(id);

    public IReadOnlyList<OutboxEntry> OfSubscription(long subscriptionId, int atMost) => _entries.OfSubscription(subscriptionId, atMost);

    public OutboxEntry? Find(long id) => _entries.Find(id);

    public OutboxEntry? FindByMessageId(string messageId) => _entries.FindByMessageId(messageId);

    public OutboxEntry? FindByMessageKey(long key) => _entries.FindByMessageKey(key);

    public OutboxEntry? LastOfSubscription(long subscriptionId) => _entries.LastOfSubscription(subscriptionId);

    public IReadOnlyList<OutboxEntry> OfMessageId(string messageId) => _entries.OfMessageId(messageId);

    public ReadOnlyMemory<byte>? Content(long id) => _entries.Content(id);

    public IReadOnlyList<OutboxEntry> List(OutboxState? state, long afterId, int atMost) => _entries.List(state, afterId, atMost);

    public bool HasAnswersWaiting(int most) => _entries.HasAnswersWaiting(most);

    public bool HasPassedOnWaiting(int most) => _entries.HasPassedOnWaiting(most);

    public IReadOnlyDictionary<long, long> AnswersWaiting() => _entries.AnswersWaiting();

    public QueueCounts Counts() => _entries.Counts();

    public IReadOnlyList<long> SubscriptionsWithMailUnderWay() => _entries.SubscriptionsWithMailUnderWay();

    public bool HasMailUnderWay(long subscriptionId) => _entries.HasMailUnderWay(subscriptionId);

    public int ReleaseAllClaims() => session.Execute(ReleaseClaims);

    public int BringForward(DateTimeOffset latest) =>
        BringForward(OutboxKind.Answer, latest) + BringForward(OutboxKind.Notification, latest);

    public int Purge(DateTimeOffset settledBefore, int atMost)
    {
        var old = session.Query(
            SelectOld, static row => row.GetInt64(0), ("@before", Instant.Of(settledBefore)), ("@most", (long)atMost));
        return old.Count(Drop);
    }

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
