using System.Diagnostics;
using System.Globalization;
using System.Text;
using Relay.Benchmarks.Smtp;
using Relay.Outbound;
using Relay.Store;
using Relay.TestKit;

namespace Relay.Benchmarks.Gateway;

/// <summary>
/// Mails of 2 KiB from the outbox to smtp-sink a second, claimed and durably settled, as a ratio to smtp-source handing it the same, and the
/// processor time of the whole process for each.
/// </summary>
internal sealed class OutboxBenchmark : IBenchmark
{
    private const int Rounds = 3;
    private const int Mails = 10000;

    private static readonly byte[] Content = Encoding.ASCII.GetBytes(
        "Subject: benchmark\r\n\r\n" + string.Concat(Enumerable.Repeat(new string('x', 76) + "\r\n", 26)));

    public string Name => "outbox-send";

    public async Task RunAsync(int size)
    {
        var (sink, port) = await PostfixTools.StartSinkAsync();
        await using (sink)
        {
            await RoundAsync(port, 4, 5000);
            Console.WriteLine($"| median of {Rounds} | mails/s, settled | smtp-source | ratio | µs of CPU a mail | octets allocated a mail |");
            Console.WriteLine("|---|---|---|---|---|---|");
            foreach (int connections in new[] { 1, 4 })
            {
                await MeasureAsync(port, connections, Mails * size);
            }
        }
    }

    private static async Task MeasureAsync(int port, int connections, int mails)
    {
        List<double> ours = [], theirs = [], cpu = [], octets = [];
        for (int round = 0; round < Rounds; round++)
        {
            theirs.Add(await PostfixTools.SendAsync(port, connections, keepsConnections: true, mails));
            var (rate, time, allocated) = await RoundAsync(port, connections, mails);
            ours.Add(rate);
            cpu.Add(time);
            octets.Add(allocated);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {connections} connections | {Median.Of(ours):N0} | {Median.Of(theirs):N0} | {Median.Of(ours) / Median.Of(theirs):F2} | {Median.Of(cpu):F0} | {Median.Of(octets):N0} |"));
    }

    private static async Task<(double Rate, double Cpu, double Octets)> RoundAsync(int port, int connections, int mails)
    {
        await using var half = new Half(port, connections);
        await FillAsync(half.Store, mails);
        using var process = Process.GetCurrentProcess();
        var (allocated, used, start) = (GC.GetTotalAllocatedBytes(), process.TotalProcessorTime, Stopwatch.GetTimestamp());
        await half.StartAsync<OutboundWorker>();
        // Asked some hundred times, so it must cost nothing: counting what waits would be a good part of the figure.
        await Eventually.TrueAsync(() => half.Store.Tally[TallyItem.Delivered] == mails, "everything settled", TimeSpan.FromMinutes(3));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        process.Refresh();
        return (mails / seconds, (process.TotalProcessorTime - used).TotalMicroseconds / mails, (double)(GC.GetTotalAllocatedBytes() - allocated) / mails);
    }

    private static async Task FillAsync(IStore store, int mails)
    {
        var now = TimeProvider.System.GetUtcNow();
        for (int first = 0; first < mails; first += 1000)
        {
            int from = first;
            await store.CommitAsync(
                t =>
                {
                    for (int number = from; number < Math.Min(from + 1000, mails); number++)
                    {
                        t.Outbox.Add(new NewOutboxMail(OutboxKind.Answer, null, "one@mx.example", $"<{Half.Text(number)}@localhost>", Content, null, null, now));
                    }

                    return true;
                },
                CancellationToken.None);
        }
    }
}
