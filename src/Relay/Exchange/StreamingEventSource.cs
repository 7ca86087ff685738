using Microsoft.Extensions.Logging;
using Relay.Store;

namespace Relay.Exchange;

/// <summary>The default source: a streaming subscription to all folders of each watched mailbox, up to 200 of them on one connection.</summary>
internal sealed class StreamingEventSource(
    EwsClient ews, MailboxPreparer preparer, EventWriter writer, IStore store, ExchangeOptions options, TimeProvider time, Random chance,
    ILogger<StreamingEventSource> log) : EventSource(preparer, store, options, time, chance, log)
{
    private readonly MailboxPreparer _preparer = preparer;
    private readonly ExchangeOptions _options = options;
    private readonly TimeProvider _time = time;
    private readonly Random _chance = chance;

    protected override Task RunAsync(WatchGroup group, CancellationToken cancellationToken) =>
        new StreamGroup(group, ews, _preparer, writer, _options, _time, _chance, log).RunAsync(cancellationToken);
}
