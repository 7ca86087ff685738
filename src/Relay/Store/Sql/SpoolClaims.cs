using System.Data.Common;
using Relay.Store.Segments;

namespace Relay.Store.Sql;

/// <summary>The mails of the spool that are in hand: how they are claimed, and how a claim ends, by its holder or by a crash.</summary>
internal sealed class SpoolClaims(SqlSession session, CommitEffects effects, SpoolContents contents)
{
    private const string SettleMail = "UPDATE spool SET state = 2, due_at = NULL, note = @note WHERE id = @id AND due_at IS NOT NULL";

    private const string ReleaseMail = """
        UPDATE spool SET state = 0, cuts = 0, due_at = @due, note = @note WHERE id = @id AND due_at IS NOT NULL
        """;

    private const string PutMailBack = """
        UPDATE spool SET state = 0, attempts = CASE WHEN attempts > 0 THEN attempts - 1 ELSE 0 END, due_at = 0 WHERE id = @id AND due_at IS NOT NULL AND state = 1
        """;

    private const string SetMailAside = "UPDATE spool SET state = 3, due_at = NULL, note = @note WHERE id = @id AND due_at IS NOT NULL";

    // A claim that a crash cut is no attempt: it says that the relay died, and of the mail little.
    private const string ReleaseClaims = """
        UPDATE spool SET state = 0, attempts = CASE WHEN attempts > 0 THEN attempts - 1 ELSE 0 END, cuts = cuts + 1, due_at = 0
        WHERE due_at IS NOT NULL AND state = 1
        """;

    private const string SelectSuspects = "SELECT id, cuts FROM spool WHERE due_at IS NOT NULL AND cuts > @harmless";

    private const string PutSuspectOff = "UPDATE spool SET due_at = @due, note = @note WHERE id = @id";

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

    public void Settle(long id, string outcome)
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
        contents.LeaveItsSegment(id);
        return effects.CountIf(session.Execute(SetMailAside, ("@note", note), ("@id", id)) > 0, TallyItem.SetAside);
    }

    public int ReleaseAllClaims(DateTimeOffset now)
    {
        int released = session.Execute(ReleaseClaims);
        foreach (var (id, cuts) in session.Query(SelectSuspects, static row => (row.GetInt64(0), (int)row.GetInt64(1)), ("@harmless", (long)session.Dialect.Suspects.Harmless)))
        {
            PutOffSuspect(id, cuts, now);
        }

        return released;
    }

    private void PutOffSuspect(long id, int cuts, DateTimeOffset now) => session.Execute(
        PutSuspectOff, ("@due", Instant.DueFrom(now + session.Dialect.Suspects.Wait(id, cuts))), ("@note", CrashSuspects.Note(cuts)), ("@id", id));

    private SpooledMail ToMail(DbDataReader row) => new(
        row.GetInt64(0),
        row.GetInstant(1),
        row.GetString(2),
        row.TextOrNull(3),
        row.GetString(4).Split('\n'),
        row.Origin(5),
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

    // A mail without content can never be handled; it must not keep the others from being claimed.
    private SpooledMail? WithContent(SpooledMail mail, DateTimeOffset now)
    {
        try
        {
            if (contents.Load(mail) is { } loaded)
            {
                return loaded;
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
}
