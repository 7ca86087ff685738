using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Relay.EndToEnd.Harness;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.EndToEnd;

/// <summary>A relay that has no file descriptors left (EMFILE, accept(2)): sessions under way go on, and new ones are served once some have closed.</summary>
public sealed class DescriptorTests
{
    private const int OpenFiles = 400;
    private const string Told = "No connection could be accepted";

    [Fact]
    public async Task Sessions_go_on_without_a_descriptor_to_spare_and_new_ones_are_served_when_there_is()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/sh"), "Limits of a process are set by Linux' shell here.");
        await using Gateway gateway = await Gateway.StartAsync(new GatewayOptions { OpenFiles = OpenFiles });
        await using SmtpDialogue underWay = await SmtpDialogue.ConnectAsync(gateway.SmtpPort);
        await SendAsync(underWay, "before"); // opens what mail needs

        List<TcpClient> others = await FillAsync(gateway);
        try
        {
            await SendAsync(underWay, "during");
            var clock = Stopwatch.StartNew();
            int told = Count(gateway.Log);
            await Eventually.TrueAsync(() => Count(gateway.Log) >= told + 2, "it goes on trying", TimeSpan.FromSeconds(30));
            Assert.InRange(Count(gateway.Log) - told, 2, clock.Elapsed.TotalSeconds + 2); // once a second: it does not spin
            await SendAsync(underWay, "later");
        }
        finally
        {
            others.ForEach(other => other.Dispose());
        }

        await using SmtpDialogue next = await SmtpDialogue.ConnectAsync(gateway.SmtpPort);
        await SendAsync(next, "after");
        Assert.True(gateway.IsRunning);
    }

    /// <summary>What the first mail needs for the first time, libraries above all, is there already: the runtime remembers what could not be loaded.</summary>
    [Fact]
    public async Task A_first_mail_without_a_descriptor_left_keeps_out_none_that_comes_later()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/sh"), "Limits of a process are set by Linux' shell here.");
        await using Gateway gateway = await Gateway.StartAsync(new GatewayOptions { OpenFiles = OpenFiles });
        Assert.Contains($"lets this process open {OpenFiles} files and sockets, too few for Relay:Smtp:Limits:Sessions = 2000", gateway.Log, StringComparison.Ordinal);
        await using SmtpDialogue first = await SmtpDialogue.ConnectAsync(gateway.SmtpPort);

        List<TcpClient> others = await FillAsync(gateway);
        try
        {
            Assert.StartsWith("250 ", await first.CommandAsync("MAIL FROM:<first@b.example>"), StringComparison.Ordinal);
        }
        finally
        {
            others.ForEach(other => other.Dispose());
        }

        string id = await gateway.MailAsync("app@b.example", "calendar@localhost", Soap.Mail(
            "app@b.example", "calendar@localhost", "<after@b.example>", Soap.Envelope(Soap.GetMonth(2003, 1))));
        await gateway.AnswerToAsync(id);
    }

    /// <summary>Connects until the relay says that it can take no more.</summary>
    private static async Task<List<TcpClient>> FillAsync(Gateway gateway)
    {
        var others = new List<TcpClient>();
        while (Count(gateway.Log) == 0)
        {
            Assert.True(others.Count < OpenFiles + 100, $"It takes more connections than it has descriptors:\n{gateway.Log}");
            var client = new TcpClient();
            others.Add(client);
            await client.ConnectAsync(IPAddress.Loopback, gateway.SmtpPort);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
            try
            {
                Assert.NotEqual(0, await client.GetStream().ReadAsync(new byte[1], patience.Token));
            }
            catch (OperationCanceledException)
            {
                // Not greeted: it waits to be accepted, and the log says why.
                await Eventually.TrueAsync(() => Count(gateway.Log) > 0, "the reason in the log");
            }
        }

        return others;
    }

    private static int Count(string log) => log.Split(Told).Length - 1;

    private static async Task SendAsync(SmtpDialogue dialogue, string id) => Assert.StartsWith("250 ", await dialogue.SendAsync(
        "app@b.example", "calendar@localhost", Soap.Mail("app@b.example", "calendar@localhost", $"<{id}@b.example>", Soap.Envelope(Soap.GetMonth(2003, 1)))), StringComparison.Ordinal);
}
