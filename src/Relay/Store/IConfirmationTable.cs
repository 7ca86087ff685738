namespace Relay.Store;

/// <summary>Requests that wait for a confirmation, and how many were asked for of late.</summary>
internal interface IConfirmationTable
{
    /// <summary>Returns the row's id, which is never used again.</summary>
    long Add(ParkedRequest request);

    /// <summary>The request, if it was asked for since then and is not confirmed.</summary>
    ParkedRequest? Find(long id, DateTimeOffset since);

    /// <summary>It is confirmed: its octets go, and it is found no more. False when there is none.</summary>
    bool Settle(long id);

    int CountOfAddress(string address, DateTimeOffset since);

    int CountOfNetwork(string network, DateTimeOffset since);

    int Count(DateTimeOffset since);

    /// <summary>Removes those asked for before; at most <paramref name="atMost"/>: repeat until fewer are returned.</summary>
    int Purge(DateTimeOffset askedBefore, int atMost);
}
