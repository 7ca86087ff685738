using System.Threading.Channels;
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
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);

    /// <summary>RFC 5321 §4.5.3.2 adds up to some 27 minutes for one mail at its slowest.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromMinutes(45);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var claimed = Channel.CreateBounded<OutboxMail>(ClaimedAtOnce);
        using var giveUp = new CancellationTokenSource();
        await using var grace = stoppingToken.Register(() => giveUp.CancelAfter(ShutdownGrace)); // what is under way is finished
        var senders = Enumerable.Range(0, options.Connections)
            .Select(_ => Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<OutboundSender>(services))
            .Select(sender => sender.RunAsync(claimed.Reader, stoppingToken, giveUp.Token))
            .ToList();
        try
        {
            await ClaimAsync(claimed.Writer, stoppingToken);
        }
        finally
        {
            claimed.Writer.Complete();
            await Task.WhenAll(senders);
        }
    }

    private async Task ClaimAsync(ChannelWriter<OutboxMail> writer, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var wait = health.UntilNextTry;
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, time, stoppingToken);
                }

                await writer.WaitToWriteAsync(stoppingToken);
                var mails = await store.ClaimAsync(
                    transaction => transaction.Outbox.Claim(ClaimedAtOnce, time.GetUtcNow(), Lease), stoppingToken); // 1
                foreach (var mail in mails)
                {
                    await writer.WriteAsync(mail, stoppingToken); // 2
                }

                if (mails.Count == 0)
                {
                    await store.Bells.Outbox.WaitAsync(LongestPoll, time, stoppingToken); // 4
                }
            }
            catch (StoreUnavailableException exception)
            {
                OutboundLog.StoreUnavailable(logger, exception.Fault, exception);
                await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return; // what is claimed and not sent is released at the next start
            }
            catch (Exception exception)
            {
                OutboundLog.ClaimFailed(logger, exception);
                await Task.Delay(TimeSpan.FromSeconds(5), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
