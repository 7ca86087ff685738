using System.Diagnostics;
using System.Globalization;
using System.Text;
using Relay.Smtp.Client;
using Relay.Wire.Smtp;

namespace Relay.Benchmarks.Smtp;

/// <summary>Mails of 2 KiB handed to smtp-sink a second, as a ratio to smtp-source handing it the same.</summary>
internal sealed class SendBenchmark : IBenchmark
{
    private const int Rounds = 5;
    private const int Mails = 10000;

    private static readonly byte[] Content = Encoding.ASCII.GetBytes(
        "Subject: benchmark\r\n\r\n" + string.Concat(Enumerable.Repeat(new string('x', 76) + "\r\n", 26)));

    public string Name => "smtp-send";

    public async Task RunAsync(int size)
    {
        var (sink, port) = await PostfixTools.StartSinkAsync();
        await using (sink)
        {
            await SendAsync(port, 4, 20000);
            await PostfixTools.SendAsync(port, 4, keepsConnections: true, 20000);
            Console.WriteLine($"| median of {Rounds} | mails/s | smtp-source | ratio | µs of CPU a mail | octets allocated a mail |");
            Console.WriteLine("|---|---|---|---|---|---|");
            foreach (var connections in new[] { 1, 4 })
            {
                await MeasureAsync(port, connections, Mails * size);
            }
        }
    }

    private static async Task MeasureAsync(int port, int connections, int mails)
    {
        List<double> ours = [], theirs = [], cpu = [], octets = [];
        using var process = Process.GetCurrentProcess();
        for (var round = 0; round < Rounds; round++)
        {
            theirs.Add(await PostfixTools.SendAsync(port, connections, keepsConnections: true, mails));
            var (allocated, used, start) = (GC.GetTotalAllocatedBytes(), process.TotalProcessorTime, Stopwatch.GetTimestamp());
            await SendAsync(port, connections, mails);
            ours.Add(mails / Stopwatch.GetElapsedTime(start).TotalSeconds);
            process.Refresh();
            cpu.Add((process.TotalProcessorTime - used).TotalMicroseconds / mails);
            octets.Add((double)(GC.GetTotalAllocatedBytes() - allocated) / mails);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {connections} connections | {Median.Of(ours):N0} | {Median.Of(theirs):N0} | {Median.Of(ours) / Median.Of(theirs):F2} | {Median.Of(cpu):F0} | {Median.Of(octets):N0} |"));
    }

    private static async Task SendAsync(int port, int connections, int mails) =>
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => SendOnOneAsync(port, mails / connections))));

    private static async Task SendOnOneAsync(int port, int mails)
    {
        var result = await SmtpConnection.ConnectAsync(new SmtpClientOptions { Port = port }, TimeProvider.System, CancellationToken.None);
        if (result is not SmtpConnectResult.Connected(var connection))
        {
            throw new InvalidOperationException($"smtp-sink: {result}");
        }

        await using (connection)
        {
            var envelope = new MailEnvelope(null, [Recipient()]);
            for (var i = 0; i < mails; i++)
            {
                var outcomes = await connection.SendAsync(envelope, Content, CancellationToken.None);
                if (outcomes[0] is not DeliveryOutcome.Delivered)
                {
                    throw new InvalidOperationException($"smtp-sink: {outcomes[0]}");
                }
            }
        }
    }

    private static MailAddress Recipient() =>
        MailAddress.TryParse("one@mx.example", out var address) ? address : throw new InvalidOperationException("The address is one.");
}
