using Microsoft.Extensions.Logging;
using Relay.Store;

namespace Relay.Exchange;

/// <summary>Asks each mailbox for its events again and again, the more often the more there are.</summary>
internal sealed class PullEventSource(
    EwsClient ews, MailboxPreparer preparer, EventWriter writer, IStore store, ExchangeOptions options, TimeProvider time, Random chance,
    ILogger<PullEventSource> log) : EventSource(preparer, store, options, time, chance, log)
{
    private readonly MailboxPreparer _preparer = preparer;
    private readonly ExchangeOptions _options = options;
    private readonly TimeProvider _time = time;

    protected override Task RunAsync(WatchGroup group, CancellationToken cancellationToken) =>
        new PullGroup(group, ews, _preparer, writer, _options, _time, log).RunAsync(cancellationToken);
}
