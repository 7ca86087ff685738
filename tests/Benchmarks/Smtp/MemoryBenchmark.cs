using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Relay.Benchmarks.Smtp;

/// <summary>
/// What sessions hold: a thousand that are idle within a mail, one that takes 100 MB, one whose command line never ends. Both ends are in this
/// process, so the client's socket is in the figures too.
/// </summary>
internal sealed class MemoryBenchmark : IBenchmark
{
    private const int Sessions = 1000;
    private const int Megabytes = 100;

    private static readonly byte[] Line = [.. Enumerable.Repeat((byte)'x', 1022), (byte)'\r', (byte)'\n'];
    private static readonly byte[] Megabyte = [.. Enumerable.Repeat(Line, 1024).SelectMany(line => line)];

    public string Name => "smtp-memory";

    public async Task RunAsync(int size)
    {
        var (receiver, server) = await Receiver.StartAsync("nothing stored", new DiscardHandler(), maxMessage: 2L * Megabytes * 1024 * 1024);
        await using (server)
        {
            await MeasureAsync($"{Sessions * size:N0} idle sessions, each", Sessions * size, () => IdleAsync(receiver.Port, Sessions * size));
            await MeasureAsync($"a mail of {Megabytes} MB, at most", 1, () => PourAsync(receiver.Port, Megabyte, "EHLO c", "MAIL FROM:<a@c>", "RCPT TO:<b@x>", "DATA"));
            var endless = Megabyte.Where(octet => octet == 'x').ToArray();
            await MeasureAsync($"a command line of {Megabytes} MB, at most", 1, () => PourAsync(receiver.Port, endless, "EHLO c"));
        }
    }

    private static async Task MeasureAsync(string what, int count, Func<Task<long>> most)
    {
        var (heap, process) = (Heap(), Resident());
        var grown = (await most() - heap) / 1024.0 / count;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{what}: {grown:N1} KB of the heap, {(Resident() - process) / 1024.0 / count:N1} KB of the process"));
    }

    private static async Task<long> IdleAsync(int port, int count)
    {
        var clients = new List<Socket>(count);
        try
        {
            for (var i = 0; i < count; i++)
            {
                clients.Add(await ConnectAsync(port, "EHLO c", "MAIL FROM:<a@c>"));
            }

            return Heap();
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private static async Task<long> PourAsync(int port, byte[] octets, params string[] before)
    {
        using var client = await ConnectAsync(port, before);
        var most = 0L;
        for (var i = 0; i < Megabytes; i++)
        {
            for (var sent = 0; sent < octets.Length;)
            {
                sent += await client.SendAsync(octets.AsMemory(sent));
            }

            most = i % 5 == 4 ? Math.Max(most, Heap()) : most;
        }

        return most;
    }

    private static async Task<Socket> ConnectAsync(int port, params string[] lines)
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port);
        var reply = new byte[512];
        _ = await client.ReceiveAsync(reply);
        foreach (var line in lines)
        {
            await client.SendAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
            var octets = await client.ReceiveAsync(reply);
            if (reply[0] is not ((byte)'2' or (byte)'3'))
            {
                throw new InvalidOperationException($"{line}: {Encoding.ASCII.GetString(reply, 0, octets)}");
            }
        }

        return client;
    }

    private static long Heap() => GC.GetTotalMemory(forceFullCollection: true);

    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
