namespace Relay.Store.Sql;

/// <inheritdoc cref="ISpoolTable"/>
internal sealed class SpoolTable : ISpoolTable
{
    private const string InsertRow = """
        INSERT INTO spool (due_at, state, attempts, received_at, mail_id, reverse_path, recipients,
                           via, client_address, hello_name, tls, account, length, file, segment, segment_offset, wishes)
        VALUES (0, 0, 0, @received, @mail, @path, @recipients, @via, @client, @hello, @tls, @account, @length, @file, @segment, @offset, @wishes)
        """;

    private const string InsertAndTellId = InsertRow + " RETURNING id";

    private const string MarkApology = "UPDATE spool SET apologised = 1 WHERE id = @id AND apologised = 0";

    private const string RetryMail = "UPDATE spool SET state = 0, due_at = 0, attempts = 0, cuts = 0 WHERE id = @id AND state IN (0, 3)";

    private const string DiscardMail = "UPDATE spool SET state = 2, due_at = NULL, note = @note WHERE id = @id AND state IN (0, 3)";

    private const string DeleteMail = "DELETE FROM spool WHERE id = @id AND state <> 1 RETURNING file";

    private const string BringMailsForward = "UPDATE spool SET due_at = 0 WHERE due_at > @latest AND state = 0";

    private const string SelectOld = "SELECT id FROM spool WHERE state = 2 AND received_at < @before ORDER BY received_at LIMIT @most";

    private readonly SqlSession _session;
    private readonly CommitEffects _effects;
    private readonly SpoolContents _contents;
    private readonly SpoolEntries _entries;

    public SpoolTable(SqlSession session, CommitEffects effects)
    {
        _session = session;
        _effects = effects;
        _contents = new SpoolContents(session, effects);
        _entries = new SpoolEntries(session);
        Claims = new SpoolClaims(session, effects, _contents);
    }

    public SpoolClaims Claims { get; }

    public long Add(NewSpooledMail mail)
    {
        var id = Insert(InsertAndTellId, mail, mail.Content) ?? throw new InvalidOperationException("An inserted row has an id.");
        if (mail.Content is MailContent.Inline inline)
        {
            _contents.Add(id, inline.Octets);
        }

        return id;
    }

    /// <summary>A mail whose octets lie in a segment. Nobody asks for its id.</summary>
    public void AddLogged(NewSpooledMail mail, MailContent.Logged content) => Insert(InsertRow, mail, content);

    public IReadOnlyList<SpooledMail> Claim(int atMost, DateTimeOffset now, TimeSpan lease) => Claims.Claim(atMost, now, lease);

    public void Settle(long id, string outcome) => Claims.Settle(id, outcome);

    public bool Release(long id, DateTimeOffset notBefore, string note) => Claims.Release(id, notBefore, note);

    public bool PutBack(long id) => Claims.PutBack(id);

    public bool SetAside(long id, string note) => Claims.SetAside(id, note);

    public int ReleaseAllClaims(DateTimeOffset now) => Claims.ReleaseAllClaims(now);

    public bool Apologise(long id) => _session.Execute(MarkApology, ("@id", id)) > 0;

    public bool Retry(long id)
    {
        _effects.SpoolHasWork();
        return _session.Execute(RetryMail, ("@id", id)) > 0;
    }

    public bool Drop(long id)
    {
        var deleted = _session.Query(DeleteMail, static row => row.TextOrNull(0), ("@id", id));
        if (deleted.Count == 0)
        {
            return false;
        }

        _contents.Drop(id, deleted[0]);
        return true;
    }

    public bool Discard(long id, string note) => _session.Execute(DiscardMail, ("@note", note), ("@id", id)) > 0;

    public SpoolEntry? Find(long id) => _entries.Find(id);

    public SpoolEntry? FindByMailId(string mailId) => _entries.FindByMailId(mailId);

    public MailContent? Content(long id) => _contents.Find(id);

    public ReportWishes? Wishes(long id) => _entries.Wishes(id);

    public IReadOnlyList<SpoolEntry> List(SpoolState? state, long afterId, int atMost) => _entries.List(state, afterId, atMost);

    public bool HasWaiting(int most) => _entries.HasWaiting(most);

    public QueueCounts Counts() => _entries.Counts();

    public int BringForward(DateTimeOffset latest) => _session.Execute(BringMailsForward, ("@latest", Instant.Of(latest)));

    public int Purge(DateTimeOffset receivedBefore, int atMost)
    {
        var old = _session.Query(
            SelectOld, static row => row.GetInt64(0), ("@before", Instant.Of(receivedBefore)), ("@most", (long)atMost));
        return old.Count(Drop);
    }

    /// <summary>Every file that a row names.</summary>
    public HashSet<string> FileNames() => _contents.FileNames();

    private long? Insert(string statement, NewSpooledMail mail, MailContent content)
    {
        var position = (content as MailContent.Logged)?.Position;
        var id = _session.Number(
            statement,
            ("@received", Instant.Of(mail.ReceivedAt)),
            ("@mail", mail.MailId),
            ("@path", mail.ReversePath),
            ("@recipients", string.Join('\n', mail.Recipients)),
            ("@via", mail.Origin.Via),
            ("@client", mail.Origin.ClientAddress),
            ("@hello", mail.Origin.HelloName),
            ("@tls", mail.Origin.Tls ? 1L : 0L),
            ("@account", mail.Origin.Account),
            ("@length", content.Length),
            ("@file", (content as MailContent.File)?.Name),
            ("@segment", position?.Segment),
            ("@offset", position?.Offset),
            ("@wishes", mail.Wishes?.Write()));
        _effects.SpoolHasWork();
        _effects.Count(TallyItem.Spooled);
        return id;
    }
}
