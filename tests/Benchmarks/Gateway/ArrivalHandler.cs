using System.Collections.Concurrent;
using System.Diagnostics;
using Relay.Benchmarks.Smtp;
using Relay.Smtp.Server;
using Relay.Wire.Smtp;

namespace Relay.Benchmarks.Gateway;

/// <summary>Notes when a notification of which subscription was handed over.</summary>
internal sealed class ArrivalHandler : DiscardHandler
{
    public ConcurrentQueue<(string Recipient, long At)> Arrivals { get; } = new();

    public override ValueTask<IMailDelivery> BeginAsync(SmtpClientInfo client, MailTransaction transaction, CancellationToken ct) =>
        new(new Delivery(this, transaction.Recipients[0].Address.ToString()));

    private sealed class Delivery(ArrivalHandler handler, string recipient) : DiscardHandler
    {
        public override ValueTask<SmtpReply> CommitAsync(CancellationToken ct)
        {
            handler.Arrivals.Enqueue((recipient, Stopwatch.GetTimestamp()));
            return new(SmtpReplies.Ok);
        }
    }
}
