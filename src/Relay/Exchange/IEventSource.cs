using Microsoft.Extensions.Hosting;

namespace Relay.Exchange;

/// <summary>Brings the events of watched mailboxes to the event log for as long as it runs, and loses none.</summary>
internal interface IEventSource : IHostedService
{
    /// <summary>A mailbox whose base lines have just been stored. One that is watched already is left as it is.</summary>
    void Watch(long mailboxId, string address);

    /// <summary>
    /// Completes when the mailbox's events are told as they happen; before that they would be found by catching up. At once for one that is
    /// not watched now.
    /// </summary>
    Task PreparedAsync(long mailboxId);

    /// <summary>How many mailboxes are watched, and of how many the events come as they happen.</summary>
    (int Watched, int Live) Count();

    /// <summary>Ends its EWS subscription; when Exchange cannot be asked, the next start does.</summary>
    Task UnwatchAsync(long mailboxId, CancellationToken cancellationToken);
}
