using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.Store;

namespace Relay.Outbound;

/// <summary>
/// Outbox → smarthosts. 1 claims what is due, answers before notifications, leaving domains that hang; 2 queues it by route and domain; 3 a
/// sender, with a connection of its own, delivers each mail; 4 its outcome is settled, together with others that ended meanwhile; 5 waits for
/// the bell, or until something is due again.
/// </summary>
/// <remarks>
/// Failure policy. Delivered: settled. Refused for good (5yz): given up, kept for the operator. Deferred (4yz, a cut, a timeout): tried again
/// on <see cref="RetrySchedule"/> with the same octets and Message-ID, until GiveUp. A cut after the final dot is deferred too: the mail
/// may arrive twice, recognisably. A notification that was given up counts against its subscription (Bounces). Smarthost away: see
/// <see cref="SmarthostHealth"/>. A crash between the smarthost's 250 and settling sends the mail again. Settling is not cancelled by
/// shutdown, and the lease outlasts the slowest delivery.
/// </remarks>
internal sealed class OutboundWorker(
    IStore store, DeliveryOptions options, RouteTable routes, OutcomeSettling settling, TimeProvider time, ILogger<OutboundWorker> logger)
    : BackgroundService
{
    private const int InHand = 2 * RouteQueue.Enough;

    // Beyond that a claim would cost more than putting the mail back.
    private const int MostBusyLanes = 200;

    /// <summary>RFC 5321 §4.5.3.2 adds up to some 27 minutes for one mail at its slowest.</summary>
    internal static readonly TimeSpan SlowestDelivery = TimeSpan.FromMinutes(30);

    /// <summary>For that and as much again in waiting; a sender renews the claim of a mail that waited for longer.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromMinutes(60);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var claimed = Channel.CreateUnbounded<OutboxMail>();
        using var giveUp = new CancellationTokenSource();
        await using var grace = stoppingToken.Register(() => giveUp.CancelAfter(options.ShutdownGrace)); // what is under way is finished
        var settled = settling.RunAsync(giveUp.Token); // 4
        var queued = QueueAsync(claimed.Reader, stoppingToken, giveUp.Token);
        var lent = LendAsync(stoppingToken, giveUp.Token);
        try
        {
            var claimer = new Claimer<OutboxMail>(store, store.Bells.Outbox, transaction => Claim(transaction), Rest, time, logger);
            await claimer.RunAsync(claimed.Writer, stoppingToken); // 1, 5
        }
        finally
        {
            claimed.Writer.Complete();
            await queued;
            await lent;
            await Task.WhenAll(routes.All.Select(route => route.EndAsync()));
            foreach (var left in routes.All.SelectMany(route => route.Queue.TakeAll()))
            {
                await settling.AddAsync(left, new SendOutcome.NotTried("the relay was stopping", TimeSpan.Zero));
            }

            settling.Complete();
            await settled;
        }
    }

    private IReadOnlyList<OutboxMail> Claim(IStoreTransaction transaction)
    {
        int room = InHand;
        int answers = 0;
        var busy = new List<long>();
        foreach (var route in routes.All)
        {
            var (waiting, waitingAnswers, lanes) = route.Queue.Load(route.Route.UntilNextTry > TimeSpan.Zero);
            room -= waiting;
            answers += waitingAnswers;
            busy.AddRange(lanes);
        }

        busy = busy.Count <= MostBusyLanes ? busy : busy[..MostBusyLanes];
        if (room > InHand - RouteQueue.Enough)
        {
            return transaction.Outbox.Claim(room, time.GetUtcNow(), Lease, busy);
        }

        // However many notifications are in hand, an answer goes before them.
        return answers < RouteQueue.Enough ? transaction.Outbox.Claim(RouteQueue.Enough, time.GetUtcNow(), Lease, busy, answersOnly: true) : [];
    }

    private TimeSpan Rest() => routes.All.Min(route => route.Route.UntilNextTry);

    // Places become free to lend by the clock alone.
    private async Task LendAsync(CancellationToken stopping, CancellationToken giveUp)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                foreach (var route in routes.All)
                {
                    route.Ensure(stopping, giveUp);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Told to stop.
        }
    }

    private async Task QueueAsync(ChannelReader<OutboxMail> claimed, CancellationToken stopping, CancellationToken giveUp)
    {
        await foreach (var mail in claimed.ReadAllAsync(CancellationToken.None))
        {
            var route = routes.Of(mail.Recipient); // 2
            route.Queue.Add(mail);
            route.Ensure(stopping, giveUp); // 3
        }
    }
}
