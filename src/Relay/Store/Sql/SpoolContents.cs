using Relay.Store.Segments;

namespace Relay.Store.Sql;

/// <summary>The octets of the mails in the spool, wherever they lie: in a row of their own, in a file, or in a segment.</summary>
internal sealed class SpoolContents(SqlSession session, CommitEffects effects)
{
    private const string InsertContent = "INSERT INTO spool_content (id, octets) VALUES (@id, @octets)";

    private const string SelectOctets = "SELECT octets FROM spool_content WHERE id = @id";

    private const string SelectPosition = "SELECT segment, segment_offset FROM spool WHERE id = @id AND segment IS NOT NULL";

    private const string LeaveSegment = "UPDATE spool SET segment = NULL, segment_offset = NULL WHERE id = @id";

    private const string SelectFile = "SELECT file, length FROM spool WHERE id = @id AND file IS NOT NULL";

    private const string SelectFiles = "SELECT file FROM spool WHERE file IS NOT NULL";

    private const string DeleteContent = "DELETE FROM spool_content WHERE id = @id";

    public void Add(long id, ReadOnlyMemory<byte> octets) => session.Execute(InsertContent, ("@id", id), ("@octets", Blob.Of(octets)));

    /// <summary>A file, or the octets; null where there are none.</summary>
    public MailContent? Find(long id)
    {
        var file = session.First(SelectFile, static row => new MailContent.File(row.GetString(0), row.GetInt64(1)), ("@id", id));
        return file is not null ? file : (Octets(id) ?? LoggedOctets(id)) is { } octets ? new MailContent.Inline(octets) : null;
    }

    /// <summary>The mail with its octets, or with the file that it names; null where there are none.</summary>
    /// <exception cref="IOException">The segment cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The segment may not be read.</exception>
    public SpooledMail? Load(SpooledMail mail)
    {
        if (mail.Content is MailContent.File)
        {
            return mail;
        }

        return (mail.Content is MailContent.Logged logged ? Octets(logged.Position) : Octets(mail.Id)) is { } octets
            ? mail with { Content = new MailContent.Inline(octets) }
            : null;
    }

    /// <summary>A mail that may stay for long must not keep the others of its segment.</summary>
    public void LeaveItsSegment(long id)
    {
        if (LoggedOctetsIfReadable(id) is { } octets)
        {
            session.Execute(InsertContent, ("@id", id), ("@octets", octets));
            session.Execute(LeaveSegment, ("@id", id));
        }
    }

    /// <param name="id">Of a row that is deleted.</param>
    /// <param name="file">The one that it named.</param>
    public void Drop(long id, string? file)
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

    /// <summary>Every file that a row names.</summary>
    public HashSet<string> FileNames() => [.. session.Query(SelectFiles, static row => row.GetString(0))];

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
}
