namespace Relay.Store;

/// <summary>Subscriptions whose mail came back lately.</summary>
internal interface IBounceTable
{
    BounceRecord? Find(long subscriptionId);

    /// <summary>Takes the place of what was remembered of the subscription.</summary>
    void Save(BounceRecord record);

    bool Remove(long subscriptionId);

    /// <summary>Those about which something is to be done now, the longest due first.</summary>
    IReadOnlyList<BounceRecord> Due(DateTimeOffset now, int atMost);
}
