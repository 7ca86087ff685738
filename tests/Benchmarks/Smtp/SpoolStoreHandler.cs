using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Inbound;
using Relay.Smtp.Server;
using Relay.Store;

namespace Relay.Benchmarks.Smtp;

/// <summary>The relay's own way into its spool, on SQLite, groups of sessions sharing a sync.</summary>
internal sealed class SpoolStoreHandler(IStore store) : DiscardHandler
{
    private readonly InboundMeters _meters = new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());

    public override ValueTask<IMailDelivery> BeginAsync(SmtpClientInfo client, MailTransaction transaction, CancellationToken ct) =>
        new(new SpoolDelivery(store, new Pressure(store, int.MaxValue, TimeProvider.System), client, transaction, isFinal: true, "localhost", _meters, TimeProvider.System, NullLogger.Instance));
}
