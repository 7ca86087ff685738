namespace Relay.Store;

/// <summary>One small row for each mail that Intake has settled, so that its answers are found from it and it from its id.</summary>
internal interface IHandledTable
{
    /// <summary>Belongs in the transaction that settles the mail.</summary>
    void Add(HandledMail mail);

    HandledMail? Find(long spoolId);

    /// <summary>By the id without brackets and blanks around it; the same request may have come several times. Oldest first, 100 at most.</summary>
    IReadOnlyList<HandledMail> OfRequest(string requestId);

    /// <summary>Removes rows of mails handled before; at most <paramref name="atMost"/>: repeat until fewer are returned.</summary>
    int Purge(DateTimeOffset handledBefore, int atMost);
}
