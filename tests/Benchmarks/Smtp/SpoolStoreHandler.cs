using Microsoft.Extensions.Logging.Abstractions;
using Relay.Inbound;
using Relay.Smtp.Server;
using Relay.Store;

namespace Relay.Benchmarks.Smtp;

/// <summary>The relay's own way into its spool, on SQLite, groups of sessions sharing a sync.</summary>
internal sealed class SpoolStoreHandler(IStore store) : DiscardHandler
{
    public override ValueTask<IMailDelivery> BeginAsync(SmtpClientInfo client, MailTransaction transaction, CancellationToken ct) =>
        new(new SpoolDelivery(store, client, transaction, "localhost", TimeProvider.System, NullLogger.Instance));
}
