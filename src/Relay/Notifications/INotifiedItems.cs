namespace Relay.Notifications;

/// <summary>Brings what notifications tell of items. What Exchange may say or not say is a value.</summary>
internal interface INotifiedItems
{
    /// <summary>One value for each id, whatever became of it; those are left out for whose items there is no room.</summary>
    /// <param name="mailbox">Whose items they are.</param>
    /// <param name="itemIds">Of its events.</param>
    /// <param name="largest">How many octets of items are brought, one or several; 0 brings properties only.</param>
    /// <param name="cancellationToken">Ends the asking; what is not known by then is unavailable.</param>
    Task<IReadOnlyDictionary<string, NotifiedItem>> FetchAsync(
        string mailbox, IReadOnlyList<string> itemIds, int largest, CancellationToken cancellationToken);
}
