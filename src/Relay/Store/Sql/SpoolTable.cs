using System.Data.Common;
using Relay.Store.Segments;

namespace Relay.Store.Sql;

/// <inheritdoc cref="ISpoolTable"/>
internal sealed class SpoolTable(SqlSession session, CommitEffects effects) : ISpoolTable
{
    private const string InsertMail = """
        INSERT INTO spool (due_at, state, attempts, received_at, mail_id, reverse_path, recipients,
                           via, client_address, hello_name, tls, account, length, file, wishes)
        VALUES (0, 0, 0, @received, @mail, @path, @recipients, @via, @client, @hello, @tls, @account, @length, @file, @wishes)
        RETURNING id
        """;

    // Nobody asks for its id.
    private const string InsertLogged = """
        INSERT INTO spool (due_at, state, attempts, received_at, mail_id, reverse_path, recipients,
                           via, client_address, hello_name, tls, account, length, segment, segment_offset, wishes)
        VALUES (0, 0, 0, @received, @mail, @path, @recipients, @via, @client, @hello, @tls, @account, @length, @segment, @offset, @wishes)
        """;

    private const string InsertContent = "INSERT INTO spool_content (id, octets) VALUES (@id, @octets)";

    private const string SelectOctets = "SELECT octets FROM spool_content WHERE id = @id";

    private const string SelectPosition = "SELECT segment, segment_offset FROM spool WHERE id = @id AND segment IS NOT NULL";

    private const string LeaveSegment = "UPDATE spool SET segment = NULL, segment_offset = NULL WHERE id = @id";

    private const string SelectFile = "SELECT file, length FROM spool WHERE id = @id AND file IS NOT NULL";

    private const string SelectFiles = "SELECT file FROM spool WHERE file IS NOT NULL";

    private const string SettleMail = "UPDATE spool SET state = 2, due_at = NULL, note = @note WHERE id = @id AND due_at IS NOT NULL";

    private const string ReleaseMail = """
        UPDATE spool SET state = 0, cuts = 0, due_at = @due, note = @note WHERE id = @id AND due_at IS NOT NULL
        """;

    private const string PutMailBack = """
        UPDATE spool SET state = 0, attempts = CASE WHEN attempts > 0 THEN attempts - 1 ELSE 0 END, due_at = 0 WHERE id = @id AND due_at IS NOT NULL AND state = 1
        """;

    private const string SetMailAside = "UPDATE spool SET state = 3, due_at = NULL, note = @note WHERE id = @id AND due_at IS NOT NULL";

    private const string MarkApology = "UPDATE spool SET apologised = 1 WHERE id = @id AND apologised = 0";

    private const string RetryMail = "UPDATE spool SET state = 0, due_at = 0, attempts = 0, cuts = 0 WHERE id = @id AND state IN (0, 3)";

    private const string DiscardMail = "UPDATE spool SET state = 2, due_at = NULL, note = @note WHERE id = @id AND state IN (0, 3)";

    private const string DeleteMail = "DELETE FROM spool WHERE id = @id AND state <> 1 RETURNING file";

    private const string DeleteContent = "DELETE FROM spool_content WHERE id = @id";

    private const string EntryColumns = """
        SELECT id, state, received_at, mail_id, reverse_path, recipients, length, attempts, due_at, note,
               via, client_address, hello_name, tls, account
        FROM spool
        """;

    private const string SelectEntry = EntryColumns + " WHERE id = @id";

    private const string SelectWishes = "SELECT wishes FROM spool WHERE id = @id";

    private const string SelectByMailId = EntryColumns + " WHERE mail_id = @mail ORDER BY id DESC LIMIT 1";

    private const string ListAll = EntryColumns + " WHERE id > @after ORDER BY id LIMIT @most";

    private const string ListOpen = EntryColumns + " WHERE due_at IS NOT NULL AND state = @state AND id > @after ORDER BY id LIMIT @most";

    private const string ListSetAside = EntryColumns + " WHERE state = 3 AND id > @after ORDER BY id LIMIT @most";

    private const string ListDone = EntryColumns + " WHERE state = 2 AND id > @after ORDER BY id LIMIT @most";

    private const string CountOpen = "SELECT state, count(*), min(received_at) FROM spool WHERE due_at IS NOT NULL GROUP BY state";

    private const string SelectBeyond = "SELECT id FROM spool WHERE due_at IS NOT NULL LIMIT 1 OFFSET @before";

    private const string CountSetAside = "SELECT count(*) FROM spool WHERE state = 3";

    // A claim that a crash cut is no attempt: it says that the relay died, and of the mail little.
    private const string ReleaseClaims = """
        UPDATE spool SET state = 0, attempts = CASE WHEN attempts > 0 THEN attempts - 1 ELSE 0 END, cuts = cuts + 1, due_at = 0
        WHERE due_at IS NOT NULL AND state = 1
        """;

    private const string SelectSuspects = "SELECT id, cuts FROM spool WHERE due_at IS NOT NULL AND cuts > @harmless";

    private const string PutSuspectOff = "UPDATE spool SET due_at = @due, note = @note WHERE id = @id";

    private const string BringMailsForward = "UPDATE spool SET due_at = 0 WHERE due_at > @latest AND state = 0";

    private const string SelectOld = "SELECT id FROM spool WHERE state = 2 AND received_at < @before ORDER BY received_at LIMIT @most";

    // As often as a mail is tried that fails otherwise; half an hour in all.
    private const int MostReads = 6;
    private static readonly TimeSpan BetweenReads = TimeSpan.FromMinutes(5);

    // Whoever let a claim run out died, or hangs: the mail is a suspect, and waits before it is claimed again.
    private readonly string _claimMails = $"""
        WITH due AS MATERIALIZED (
            SELECT id FROM spool WHERE due_at <= @now ORDER BY due_at, id LIMIT @most {session.Dialect.SkipLocked})
        UPDATE spool SET
            cuts = cuts + CASE WHEN state = 1 THEN 1 ELSE 0 END,
            attempts = attempts + CASE WHEN state = 1 THEN -1 ELSE 1 END,
            due_at = CASE WHEN state = 1 THEN 0 ELSE @until END,
            state = CASE WHEN state = 1 THEN 0 ELSE 1 END
        WHERE id IN (SELECT id FROM due)
        RETURNING id, received_at, mail_id, reverse_path, recipients, via, client_address, hello_name, tls, account, length, file, attempts,
                  segment, segment_offset, wishes, cuts, state
        """;

    public long Add(NewSpooledMail mail)
    {
        var file = mail.Content as MailContent.File;
        var id = session.Number(
            InsertMail,
            ("@received", Instant.Of(mail.ReceivedAt)),
            ("@mail", mail.MailId),
            ("@path", mail.ReversePath),
            ("@recipients", string.Join('\n', mail.Recipients)),
            ("@via", mail.Origin.Via),
            ("@client", mail.Origin.ClientAddress),
            ("@hello", mail.Origin.HelloName),
            ("@tls", mail.Origin.Tls ? 1L : 0L),
            ("@account", mail.Origin.Account),
            ("@length", mail.Content.Length),
            ("@file", file?.Name),
            ("@wishes", mail.Wishes?.Write())) ?? throw new InvalidOperationException("An inserted row has an id.");
        if (mail.Content is MailContent.Inline inline)
        {
            session.Execute(InsertContent, ("@id", id), ("@octets", Blob.Of(inline.Octets)));
        }

        effects.SpoolHasWork();
        effects.Count(TallyItem.Spooled);
        return id;
    }

    /// <summary>A mail whose octets lie in a segment.</summary>
    public void AddLogged(NewSpooledMail mail, MailContent.Logged content)
    {
        session.Execute(
            InsertLogged,
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
            ("@segment", content.Position.Segment),
            ("@offset", content.Position.Offset),
            ("@wishes", mail.Wishes?.Write()));
        effects.SpoolHasWork();
        effects.Count(TallyItem.Spooled);
    }

    public IReadOnlyList<SpooledMail> Claim(int atMost, DateTimeOffset now, TimeSpan lease)
    {
        var found = session.Query(
            _claimMails,
            row => (Mail: ToMail(row), IsClaimed: row.GetInt64(17) == (long)SpoolState.Claimed),
            ("@now", Instant.Of(now)),
            ("@most", (long)atMost),
            ("@until", Instant.DueFrom(now + lease)));
        foreach (var (lost, _) in found.Where(one => !one.IsClaimed))
        {
            PutOffSuspect(lost.Id, lost.Cuts, now);
        }

        return [.. found.Where(one => one.IsClaimed).Select(one => one.Mail).OrderBy(mail => mail.Id).Select(mail => WithContent(mail, now)).OfType<SpooledMail>()];
    }

    public void Settle(long id, string outcome, DateTimeOffset now)
    {
        if (session.Execute(SettleMail, ("@note", outcome), ("@id", id)) == 0)
        {
            throw new ClaimLostException(id);
        }

        effects.Count(TallyItem.Handled);
    }

    public bool Release(long id, DateTimeOffset notBefore, string note)
    {
        effects.SpoolHasWork();
        return session.Execute(ReleaseMail, ("@due", Instant.DueFrom(notBefore)), ("@note", note), ("@id", id)) > 0;
    }

    public bool PutBack(long id)
    {
        effects.SpoolHasWork();
        return session.Execute(PutMailBack, ("@id", id)) > 0;
    }

    public bool SetAside(long id, string note)
    {
        // It may stay for long, and must not keep the other mails of its segment.
        if (LoggedOctetsIfReadable(id) is { } octets)
        {
            session.Execute(InsertContent, ("@id", id), ("@octets", octets));
            session.Execute(LeaveSegment, ("@id", id));
        }

        return effects.CountIf(session.Execute(SetMailAside, ("@note", note), ("@id", id)) > 0, TallyItem.SetAside);
    }

    public bool Apologise(long id) => session.Execute(MarkApology, ("@id", id)) > 0;

    public bool Retry(long id)
    {
        effects.SpoolHasWork();
        return session.Execute(RetryMail, ("@id", id)) > 0;
    }

    public bool Drop(long id)
    {
        var deleted = session.Query(DeleteMail, static row => row.TextOrNull(0), ("@id", id));
        if (deleted.Count == 0)
        {
            return false;
        }

        DropContent(id, deleted[0]);
        return true;
    }

    public bool Discard(long id, string note) => session.Execute(DiscardMail, ("@note", note), ("@id", id)) > 0;

    public SpoolEntry? Find(long id) => session.First(SelectEntry, ToEntry, ("@id", id));

    public SpoolEntry? FindByMailId(string mailId) => session.First(SelectByMailId, ToEntry, ("@mail", mailId));

    public MailContent? Content(long id)
    {
        var file = session.First(SelectFile, static row => new MailContent.File(row.GetString(0), row.GetInt64(1)), ("@id", id));
        return file is not null ? file : (Octets(id) ?? LoggedOctets(id)) is { } octets ? new MailContent.Inline(octets) : null;
    }

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

    public int ReleaseAllClaims(DateTimeOffset now)
    {
        int released = session.Execute(ReleaseClaims);
        foreach (var (id, cuts) in session.Query(SelectSuspects, static row => (row.GetInt64(0), (int)row.GetInt64(1)), ("@harmless", (long)session.Dialect.Suspects.Harmless)))
        {
            PutOffSuspect(id, cuts, now);
        }

        return released;
    }

    public int BringForward(DateTimeOffset latest) => session.Execute(BringMailsForward, ("@latest", Instant.Of(latest)));

    public int Purge(DateTimeOffset receivedBefore, int atMost)
    {
        var old = session.Query(
            SelectOld, static row => row.GetInt64(0), ("@before", Instant.Of(receivedBefore)), ("@most", (long)atMost));
        return old.Count(Drop);
    }

    /// <summary>Every file that a row names.</summary>
    public HashSet<string> FileNames() => [.. session.Query(SelectFiles, static row => row.GetString(0))];

    private void PutOffSuspect(long id, int cuts, DateTimeOffset now) => session.Execute(
        PutSuspectOff, ("@due", Instant.DueFrom(now + session.Dialect.Suspects.Wait(id, cuts))), ("@note", CrashSuspects.Note(cuts)), ("@id", id));

    private SpooledMail ToMail(DbDataReader row) => new(
        row.GetInt64(0),
        row.GetInstant(1),
        row.GetString(2),
        row.TextOrNull(3),
        row.GetString(4).Split('\n'),
        OriginOf(row, 5),
        ContentOf(row),
        (int)row.GetInt64(12))
    {
        Wishes = ReportWishes.Read(row.TextOrNull(15)),
        Cuts = (int)row.GetInt64(16),
        CutsLeft = session.Dialect.Suspects.Most - (int)row.GetInt64(16),
    };

    private static MailContent ContentOf(DbDataReader row) =>
        row.TextOrNull(11) is { } file ? new MailContent.File(file, row.GetInt64(10))
        : row.NumberOrNull(13) is { } segment ? new MailContent.Logged(new RecordPosition(segment, row.GetInt64(14)), (int)row.GetInt64(10))
        : new MailContent.Inline(default);

    private static SpoolEntry ToEntry(DbDataReader row) => new(
        row.GetInt64(0),
        (SpoolState)row.GetInt64(1),
        row.GetInstant(2),
        row.GetString(3),
        row.TextOrNull(4),
        row.GetString(5).Split('\n'),
        OriginOf(row, 10),
        row.GetInt64(6),
        (int)row.GetInt64(7),
        row.DueAt(8),
        row.TextOrNull(9));

    private static MailOrigin OriginOf(DbDataReader row, int via) => new(
        row.GetString(via), row.TextOrNull(via + 1), row.TextOrNull(via + 2), row.Flag(via + 3), row.TextOrNull(via + 4));

    // A mail without content can never be handled; it must not keep the others from being claimed.
    private SpooledMail? WithContent(SpooledMail mail, DateTimeOffset now)
    {
        if (mail.Content is MailContent.File)
        {
            return mail;
        }

        try
        {
            if ((mail.Content is MailContent.Logged logged ? Octets(logged.Position) : Octets(mail.Id)) is { } octets)
            {
                return mail with { Content = new MailContent.Inline(octets) };
            }

            SetAside(mail.Id, "Its content is missing from the store.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            PutOff(mail, now, $"Its content cannot be read from the spool's segments: {exception.Message}");
        }

        return null;
    }

    // A disk's trouble may pass, and is no reason to wait with the others.
    private void PutOff(SpooledMail mail, DateTimeOffset now, string note)
    {
        if (mail.Attempts < MostReads)
        {
            Release(mail.Id, now + BetweenReads, note);
        }
        else
        {
            SetAside(mail.Id, note);
        }
    }

    private byte[]? LoggedOctetsIfReadable(long id)
    {
        try
        {
            return LoggedOctets(id);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // It keeps its segment, and its row goes on naming it.
        }
    }

    private byte[]? LoggedOctets(long id) =>
        session.First(SelectPosition, static row => (RecordPosition?)new RecordPosition(row.GetInt64(0), row.GetInt64(1)), ("@id", id)) is { } position
            ? Octets(position)
            : null;

    private byte[]? Octets(RecordPosition position) => session.Dialect.Segments?.Read(position);

    private byte[]? Octets(long id) => session.First(SelectOctets, static row => row.Octets(0), ("@id", id));

    private void DropContent(long id, string? file)
    {
        if (file is not null)
        {
            effects.DeleteFile(file);
        }
        else
        {
            session.Execute(DeleteContent, ("@id", id));
        }
    }
}
