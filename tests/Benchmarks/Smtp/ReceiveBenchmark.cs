using System.Globalization;
using Relay.Store;
using Relay.TestKit;

namespace Relay.Benchmarks.Smtp;

/// <summary>
/// Mails of 2 KiB accepted a second, as a ratio to smtp-sink, which stores nothing, to a sync a mail, and to Postfix taking them
/// into its queue on the same disk.
/// </summary>
internal sealed class ReceiveBenchmark : IBenchmark
{
    private const int Rounds = 5;

    public string Name => "smtp-receive";

    public async Task RunAsync(int size)
    {
        using var folder = new TempFolder();
        var (sink, sinkPort) = await PostfixTools.StartSinkAsync();
        var (store, runLock) = SqliteStore.TryOpenForRun("Data Source=spool.db", folder.Path, TimeProvider.System)!.Value;
        using var locked = runLock;
        await using var opened = store;
        await store.RecoverAsync(CancellationToken.None); // As the running relay does: mail goes into segments first.
        using var fsync = new FsyncHandler(folder.File("mails"));
        var (nothing, nothingServer) = await Receiver.StartAsync("nothing stored", new DiscardHandler());
        var (each, eachServer) = await Receiver.StartAsync("a sync a mail", fsync);
        var (spool, spoolServer) = await Receiver.StartAsync("the spool", new SpoolStoreHandler(store));
        await using var postfix = PostfixInstance.Absence is null ? await PostfixInstance.StartAsync("discard:") : null;
        await using (sink)
        await using (nothingServer)
        await using (eachServer)
        await using (spoolServer)
        {
            Receiver[] receivers = [new Receiver("smtp-sink", sinkPort), nothing, each, spool];
            receivers = postfix is null ? receivers : [.. receivers, new Receiver("Postfix", postfix.Port, Share: 5)];
            await WarmUpAsync(receivers);
            Console.WriteLine($"A write of 2 KiB and its fsync: {fsync.SyncsPerSecond():N0} a second.");
            Console.WriteLine($"| mails/s, median of {Rounds} | {string.Join(" | ", receivers.Select(receiver => receiver.Name))} | spool/sink | spool/sync | spool/Postfix |");
            Console.WriteLine("|" + string.Concat(Enumerable.Repeat("---|", receivers.Length + 4)));
            foreach (var load in Load.OfReceiving)
            {
                var rates = await MeasureAsync(receivers, load with { Mails = load.Mails * size });
                var figures = string.Join(" | ", rates.Select(rate => rate.ToString("N0", CultureInfo.InvariantCulture)));
                var postfixRatio = rates.Length > 4 ? (rates[3] / rates[4]).ToString("F1", CultureInfo.InvariantCulture) : "-";
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"| {load.Name} | {figures} | {rates[3] / rates[0]:F2} | {rates[3] / rates[2]:F2} | {postfixRatio} |"));
            }
        }
    }

    private static async Task WarmUpAsync(Receiver[] receivers)
    {
        foreach (var receiver in receivers)
        {
            await PostfixTools.SendAsync(receiver.Port, 16, keepsConnections: true, mails: 30000 / receiver.Share);
            await PostfixTools.SendAsync(receiver.Port, 16, keepsConnections: false, mails: 6000 / receiver.Share);
        }
    }

    // Alternating, so that whatever else the machine does falls on all alike.
    private static async Task<double[]> MeasureAsync(Receiver[] receivers, Load load)
    {
        var rates = receivers.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < receivers.Length; i++)
            {
                rates[i].Add(await PostfixTools.SendAsync(receivers[i].Port, load.Sessions, load.Keeps, load.Mails / receivers[i].Share));
            }
        }

        return [.. rates.Select(Median.Of)];
    }
}
