using System.Diagnostics;
using System.Globalization;
using Relay.Store;
using Relay.TestKit;

namespace Relay.Benchmarks.Smtp;

/// <summary>
/// What a mail of 2 KiB costs the process that receives it: processor time, switches of threads, octets allocated. On a machine that others use
/// too it says more than a rate.
/// </summary>
internal sealed class CostBenchmark : IBenchmark
{
    private const int Rounds = 5;

    public string Name => "smtp-cost";

    public async Task RunAsync(int size)
    {
        using var folder = new TempFolder();
        var (store, runLock) = SqliteStore.TryOpenForRun("Data Source=spool.db", folder.Path, TimeProvider.System)!.Value;
        using var locked = runLock;
        await using var opened = store;
        await store.RecoverAsync(CancellationToken.None);
        var (nothing, nothingServer) = await Receiver.StartAsync("nothing stored", new DiscardHandler());
        var (spool, spoolServer) = await Receiver.StartAsync("the spool", new SpoolStoreHandler(store));
        await using (nothingServer)
        await using (spoolServer)
        {
            Console.WriteLine($"| a mail, median of {Rounds} | mails/s | µs user | µs system | switches | octets allocated |");
            Console.WriteLine("|---|---|---|---|---|---|");
            foreach (var receiver in new[] { nothing, spool })
            {
                await PostfixTools.SendAsync(receiver.Port, 16, keepsConnections: true, mails: 30000);
                await PostfixTools.SendAsync(receiver.Port, 16, keepsConnections: false, mails: 6000);
                foreach (var load in Load.OfReceiving)
                {
                    await MeasureAsync(receiver, load with { Mails = load.Mails * size });
                }
            }
        }
    }

    private static async Task MeasureAsync(Receiver receiver, Load load)
    {
        List<double> rates = [], user = [], system = [], switches = [], octets = [];
        using var process = Process.GetCurrentProcess();
        for (var round = 0; round < Rounds; round++)
        {
            process.Refresh();
            var before = (User: process.UserProcessorTime, System: process.PrivilegedProcessorTime, Switches: Switches(), Octets: GC.GetTotalAllocatedBytes());
            rates.Add(await PostfixTools.SendAsync(receiver.Port, load.Sessions, load.Keeps, load.Mails));
            process.Refresh();
            user.Add((process.UserProcessorTime - before.User).TotalMicroseconds / load.Mails);
            system.Add((process.PrivilegedProcessorTime - before.System).TotalMicroseconds / load.Mails);
            switches.Add((double)(Switches() - before.Switches) / load.Mails);
            octets.Add((double)(GC.GetTotalAllocatedBytes() - before.Octets) / load.Mails);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {receiver.Name}, {load.Name} | {Median.Of(rates):N0} | {Median.Of(user):F0} | {Median.Of(system):F0} | {Median.Of(switches):F1} | {Median.Of(octets):N0} |"));
    }

    // Of all threads that live; on Linux only.
    private static long Switches() => Directory.Exists("/proc/self/task")
        ? Directory.EnumerateDirectories("/proc/self/task").Sum(SwitchesOf)
        : 0;

    private static long SwitchesOf(string thread)
    {
        try
        {
            return File.ReadLines(Path.Combine(thread, "status"))
                .Where(line => line.Contains("ctxt_switches", StringComparison.Ordinal))
                .Sum(line => long.Parse(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim(), CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return 0; // The thread has ended meanwhile.
        }
    }
}
