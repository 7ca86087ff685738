using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.Store;

namespace Relay.Outbound;

/// <summary>
/// Outbox → smarthost. 1 claims what is due, answers before notifications; 2 hands it to a few senders, each with a connection of its
/// own; 3 a sender delivers and settles each mail by its outcome; 4 waits for the bell, or until something is due again.
/// </summary>
/// <remarks>
/// Failure policy. Delivered: settled. Refused for good (5yz): given up, kept for the operator. Deferred (4yz, a cut, a timeout): tried again
/// on <see cref="RetrySchedule"/> with the same octets and Message-ID, until GiveUp. A cut after the final dot is deferred too: the mail
/// may arrive twice, recognisably. Smarthost away: see <see cref="SmarthostHealth"/>. A crash between the smarthost's 250 and
/// settling sends the mail again. Settling is not cancelled by shutdown, and the lease outlasts the slowest delivery.
/// </remarks>
internal sealed class OutboundWorker(
    IStore store, DeliveryOptions options, SmarthostHealth health, IServiceProvider services, TimeProvider time, ILogger<OutboundWorker> logger)
    : BackgroundService
{
    // Twice as many may be claimed and wait; with four senders that is within the lease even at 90 seconds a mail.
    private const int ClaimedAtOnce = 32;

    private static readonly TimeSpan ShutdownGrace = TimeSpan.FromSeconds(12);

    /// <summary>RFC 5321 §4.5.3.2 adds up to some 27 minutes for one mail at its slowest.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromMinutes(45);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var claimed = Channel.CreateBounded<OutboxMail>(ClaimedAtOnce);
        using var giveUp = new CancellationTokenSource();
        await using var grace = stoppingToken.Register(() => giveUp.CancelAfter(ShutdownGrace)); // what is under way is finished
        var senders = Enumerable.Range(0, options.Connections)
            .Select(_ => ActivatorUtilities.CreateInstance<OutboundSender>(services))
            .Select(sender => sender.RunAsync(claimed.Reader, stoppingToken, giveUp.Token))
            .ToList();
        try
        {
            var claimer = new Claimer<OutboxMail>(
                store,
                store.Bells.Outbox,
                transaction => transaction.Outbox.Claim(ClaimedAtOnce, time.GetUtcNow(), Lease),
                () => health.UntilNextTry,
                time,
                logger);
            await claimer.RunAsync(claimed.Writer, stoppingToken); // 1, 2, 4
        }
        finally
        {
            claimed.Writer.Complete();
            await Task.WhenAll(senders);
        }
    }
}
