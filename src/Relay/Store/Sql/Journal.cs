using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Relay.Store.Sql;

/// <inheritdoc cref="IJournal"/>
internal sealed class Journal(SqlSession session) : IJournal
{
    private const int RequestOctets = 16;

    private const string SelectEntry = "SELECT answer_to, message_id, answer, answered_at FROM journal WHERE request = @request";

    private const string InsertEntry = """
        INSERT INTO journal (request, answered_at, principal, service, request_id, answer_to, message_id, answer)
        VALUES (@request, @now, @principal, @service, @id, @to, @message, @answer) ON CONFLICT (request) DO NOTHING
        """;

    // Ids rise with time: what comes before an old entry is old too, even if a clock that was wrong says otherwise.
    private const string LastOld = """
        SELECT max(id) FROM (SELECT id, answered_at FROM journal ORDER BY id LIMIT @most) AS oldest WHERE answered_at < @before
        """;

    private const string DeleteOld = "DELETE FROM journal WHERE id <= @last";

    public JournalEntry? Find(JournalKey key) => session.First(
        SelectEntry,
        static row => new JournalEntry(row.GetString(0), row.GetString(1), row.Octets(2), row.GetInstant(3)),
        ("@request", Digest(key)));

    public void Add(JournalKey key, string answerTo, string messageId, ReadOnlyMemory<byte> answer, DateTimeOffset now)
    {
        var added = session.Execute(
            InsertEntry,
            ("@request", Digest(key)),
            ("@now", Instant.Of(now)),
            ("@principal", key.Principal),
            ("@service", key.Service),
            ("@id", key.RequestId),
            ("@to", answerTo),
            ("@message", messageId),
            ("@answer", Blob.Of(answer)));
        if (added == 0)
        {
            throw new AlreadyAnsweredException();
        }
    }

    public int Purge(DateTimeOffset answeredBefore, int atMost) =>
        session.Number(LastOld, ("@most", (long)atMost), ("@before", Instant.Of(answeredBefore))) is { } last
            ? session.Execute(DeleteOld, ("@last", last))
            : 0;

    // Each part goes in with its length, so that no two keys run together into the same octets.
    private static byte[] Digest(JournalKey key)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, Encoding.UTF8.GetBytes(key.Principal));
        Append(hash, Encoding.UTF8.GetBytes(key.Service));
        Append(hash, Encoding.UTF8.GetBytes(key.RequestId));
        Append(hash, key.OctetsHash);
        return hash.GetHashAndReset()[..RequestOctets];
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
