namespace Relay.Store;

/// <summary>Mails that were accepted and wait for Intake.</summary>
internal interface ISpoolTable
{
    /// <summary>Due at once, whatever the clock says. Returns the row's id, which is never used again.</summary>
    long Add(NewSpooledMail mail);

    /// <summary>
    /// Takes the mails that are due: new ones first, oldest first. One whose lease has run out is given back, and waits for some seconds at least
    /// (<see cref="CrashSuspects"/>). Costs as much as it returns and gives back.
    /// </summary>
    IReadOnlyList<SpooledMail> Claim(int atMost, DateTimeOffset now, TimeSpan lease);

    /// <summary>Done with it; what it led to belongs in the same transaction.</summary>
    /// <exception cref="ClaimLostException">Another claimer was faster; the transaction is to be undone.</exception>
    void Settle(long id, string outcome);

    /// <summary>Gives it back, to be claimed again from <paramref name="notBefore"/> on. False when it is settled already.</summary>
    bool Release(long id, DateTimeOffset notBefore, string note);

    /// <summary>Gives it back as if it had not been claimed, due at once. False when it is settled already, or waits.</summary>
    bool PutBack(long id);

    /// <summary>It failed too often: kept for the operator, not tried again. False when it is settled already.</summary>
    bool SetAside(long id, string note);

    /// <summary>The operator's: a waiting or set-aside mail becomes due at once, with its attempts forgotten. False when there is none.</summary>
    bool Retry(long id);

    /// <summary>The operator's: removes a mail that is not claimed, with its content. False when there is none.</summary>
    bool Drop(long id);

    /// <summary>The operator's: a waiting or set-aside mail is done with, unhandled; it is kept until purged. False when there is none.</summary>
    bool Discard(long id, string note);

    SpoolEntry? Find(long id);

    /// <summary>By our own id for it. Reads back through all that are kept.</summary>
    SpoolEntry? FindByMailId(string mailId);

    MailContent? Content(long id);

    /// <summary>What its sender wants to be told; null where it said nothing, or there is no such mail.</summary>
    ReportWishes? Wishes(long id);

    /// <summary>By id, from after <paramref name="afterId"/>; null lists every state.</summary>
    IReadOnlyList<SpoolEntry> List(SpoolState? state, long afterId, int atMost);

    /// <summary>True for whoever is the first to tell the sender of this mail that it was set aside.</summary>
    bool Apologise(long id);

    QueueCounts Counts();

    /// <summary>Whether so many mails or more are not handled yet. Costs as much as it counts.</summary>
    bool HasWaiting(int most);

    /// <summary>
    /// Makes every claimed mail due at once, as if it had not been claimed; for a start where no other claimer can be at work. One that was claimed at
    /// many crashes in a row waits (<see cref="CrashSuspects"/>). Returns how many.
    /// </summary>
    int ReleaseAllClaims(DateTimeOffset now);

    /// <summary>Makes mails that wait for a time after <paramref name="latest"/> due at once: a clock that was wrong set it. Returns how many.</summary>
    int BringForward(DateTimeOffset latest);

    /// <summary>
    /// Removes done mails received before <paramref name="receivedBefore"/>, with their contents; at most
    /// <paramref name="atMost"/>, so that the writer is not held for long: repeat until fewer are returned.
    /// </summary>
    int Purge(DateTimeOffset receivedBefore, int atMost);
}
