using Relay.ExchangeSimulator.Mailboxes;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

/// <summary>Who asks, and in whose name.</summary>
/// <param name="Account">The user name.</param>
/// <param name="Impersonated">The address in ExchangeImpersonation; null without.</param>
/// <param name="ServerVersion">From RequestServerVersion; Exchange2007 where the header is missing, as Exchange assumes.</param>
/// <param name="Database">Where the mailboxes are.</param>
internal sealed record OperationContext(string Account, string? Impersonated, string ServerVersion, SimulatedDatabase Database)
{
    /// <summary>The mailbox that a request means unless it names another.</summary>
    public SimulatedMailbox? OwnMailbox => Database.Find(Impersonated ?? Account);

    /// <summary>The folder that a reference names.</summary>
    /// <param name="reference">By name or id.</param>
    /// <param name="error">Why there is none.</param>
    public SimulatedFolder? Resolve(FolderReference reference, out EwsError? error)
    {
        error = null;
        switch (reference)
        {
            case FolderReference.Distinguished named:
                var mailbox = named.Mailbox is null ? OwnMailbox : Database.Find(named.Mailbox);
                if (mailbox is null)
                {
                    error = EwsErrors.NonExistentMailbox;
                    return null;
                }

                error = mailbox.Distinguished.TryGetValue(named.Name, out var folder) ? null : EwsErrors.FolderNotFound;
                return folder;
            case FolderReference.ById { Id.Id: var id }:
                if (Database.TryFolder(id, out var known))
                {
                    return known;
                }

                error = id.Length == 0 ? EwsErrors.InvalidIdEmpty
                    : ObjectIds.IsWellFormed(id) ? EwsErrors.FolderNotFound : EwsErrors.InvalidIdMalformed;
                return null;
            default:
                throw new InvalidOperationException("The two kinds of reference are the only ones.");
        }
    }

    /// <summary>The item of an id.</summary>
    /// <param name="id">As the request writes it.</param>
    /// <param name="error">Why there is none.</param>
    public SimulatedItem? ResolveItem(string id, out EwsError? error)
    {
        error = Database.TryItem(id, out var item) ? null
            : id.Length == 0 ? EwsErrors.InvalidIdEmpty
            : ObjectIds.IsWellFormed(id) ? EwsErrors.ItemNotFound : EwsErrors.InvalidIdMalformed;
        return item;
    }
}
