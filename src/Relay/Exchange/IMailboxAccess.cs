using System.Xml.Linq;

namespace Relay.Exchange;

/// <summary>Asks Exchange what is in a mailbox, for somebody who may know.</summary>
internal interface IMailboxAccess
{
    /// <summary>The most octets of base64 that are told within an answer; more goes into parts of their own.</summary>
    int PartsAbove { get; }

    /// <summary>
    /// Passes a request on, under our own account and header. What it names by id must be in the mailbox: an id does not say where it belongs, and what the
    /// account may read, or the owner that it acts for, is more than what the subscriber may.
    /// </summary>
    /// <param name="mailbox">The only one that the request may concern.</param>
    /// <param name="request">GetItem, GetFolder, FindItem, SyncFolderItems or GetAttachment, valid by our schema.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    Task<PassedReply> AskAsync(string mailbox, XElement request, CancellationToken cancellationToken);
}
