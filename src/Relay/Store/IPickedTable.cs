namespace Relay.Store;

/// <summary>Mails that were taken into the spool and still lie where they were picked up.</summary>
internal interface IPickedTable
{
    /// <summary>Notes a mail as taken, in the transaction that spools it. False when it was taken before.</summary>
    bool Add(string source, string mail);

    IReadOnlySet<string> List(string source);

    /// <summary>They are removed at their source.</summary>
    void Forget(string source, IEnumerable<string> mails);
}
