using System.Diagnostics;
using System.Globalization;
using Relay.Benchmarks.Smtp;
using Relay.Notifications;
using Relay.Outbound;
using Relay.Store;
using Relay.TestKit;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Benchmarks.Gateway;

/// <summary>
/// From an event's append to the log until its mail is taken, at 500 events a second: a mailbox and a push subscription for each of 2,000, so that
/// every event is a mail of its own.
/// </summary>
internal sealed class NotifyBenchmark : IBenchmark
{
    private const int Subscriptions = 2000;
    private const int PerSecond = 500;
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(5);

    public string Name => "notify";

    public async Task RunAsync(int size)
    {
        var handler = new ArrivalHandler();
        var (receiver, server) = await Receiver.StartAsync("arrivals", handler);
        await using (server)
        {
            await using var half = new Half(receiver.Port, 4);
            var mailboxes = await SubscribeAsync(half.Store);
            await half.StartAsync<OutboundWorker>();
            await half.StartAsync<NotificationWorker>();
            var appended = await AppendAsync(half.Store, mailboxes, (int)((Warm.TotalSeconds + (20 * size)) * PerSecond));
            await Eventually.TrueAsync(() => handler.Arrivals.Count >= appended.Count, "all mails", TimeSpan.FromMinutes(1));
            Print(appended, [.. handler.Arrivals]);
        }
    }

    private static async Task<List<long>> SubscribeAsync(IStore store)
    {
        var now = TimeProvider.System.GetUtcNow();
        return await store.CommitAsync(
            t => Enumerable.Range(0, Subscriptions)
                .Select(number =>
                {
                    long mailbox = t.Watches.MailboxId($"m{Half.Text(number)}@corp.example");
                    t.Subscriptions.Add(new NewSubscription(
                        $"s{Half.Text(number)}", "bench/app", SubscriptionKind.Push, mailbox, AllFolders: true, [], EwsEventTypes.Created, 1440,
                        $"{Half.Text(number)}@subscriber.example", "ews@localhost", SoapVersion.Soap11, "<root@subscriber.example>", t.Events.End(), now));
                    return mailbox;
                })
                .ToList(),
            CancellationToken.None);
    }

    // At its own pace, whatever the relay does: a slow answer must not slow down the question.
    private static async Task<List<(string Recipient, long At)>> AppendAsync(IStore store, List<long> mailboxes, int events)
    {
        var appended = new List<(string Recipient, long At)>(events);
        var pending = new List<Task>();
        long start = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (appended.Count < events && await tick.WaitForNextTickAsync())
        {
            int due = Math.Min(events, (int)(Stopwatch.GetElapsedTime(start).TotalSeconds * PerSecond));
            while (appended.Count < due)
            {
                int number = appended.Count % mailboxes.Count;
                appended.Add((string.Create(CultureInfo.InvariantCulture, $"{number}@subscriber.example"), Stopwatch.GetTimestamp()));
                var e = new MailboxEvent
                {
                    Type = MailboxEventType.Created,
                    TimeStamp = TimeProvider.System.GetUtcNow(),
                    Object = new EwsId($"item{Half.Text(appended.Count)}", "change"),
                    ParentFolder = new EwsId("inbox", "change"),
                };
                pending.Add(store.CommitAsync(t => t.Events.Append(mailboxes[number], [e], false, e.TimeStamp).Count, CancellationToken.None));
            }
        }

        await Task.WhenAll(pending);
        return appended;
    }

    private static void Print(List<(string Recipient, long At)> appended, List<(string Recipient, long At)> arrived)
    {
        var times = new Dictionary<string, Queue<long>>();
        foreach (var (recipient, at) in appended)
        {
            (times.TryGetValue(recipient, out var queue) ? queue : times[recipient] = new()).Enqueue(at);
        }

        int warm = (int)(Warm.TotalSeconds * PerSecond);
        var all = arrived.ConvertAll(mail => Stopwatch.GetElapsedTime(times[mail.Recipient].Dequeue(), mail.At).TotalMilliseconds);
        double[] delays = [.. all.Skip(warm).Order()];
        string At(double part) => delays[(int)(part * (delays.Length - 1))].ToString("F1", CultureInfo.InvariantCulture);
        Console.WriteLine("| events/s | mails measured | p50 ms | p99 ms | p99.9 ms | most ms |");
        Console.WriteLine("|---|---|---|---|---|---|");
        Console.WriteLine($"| {PerSecond} | {delays.Length} | {At(0.5)} | {At(0.99)} | {At(0.999)} | {At(1)} |");
    }
}
