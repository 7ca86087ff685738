namespace Relay.Store;

/// <summary>Answered requests, so that the same request again gets the same answer and is not executed again.</summary>
internal interface IJournal
{
    /// <summary>To be asked in the transaction that executes: two copies of a request may be in the hands of two workers.</summary>
    JournalEntry? Find(JournalKey key);

    /// <exception cref="AlreadyAnsweredException">The request has an answer already.</exception>
    void Add(JournalKey key, string answerTo, string messageId, ReadOnlyMemory<byte> answer, DateTimeOffset now);

    /// <summary>Removes entries answered before; at most <paramref name="atMost"/>: repeat until fewer are returned.</summary>
    int Purge(DateTimeOffset answeredBefore, int atMost);
}
