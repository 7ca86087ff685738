using System.Net;
using System.Net.Sockets;
using Relay.EndToEnd.Harness;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.EndToEnd;

/// <summary>
/// A relay that has used up its file descriptors before its first mail. What it then needs for the first time, libraries above all, it must have
/// already: the runtime remembers what could not be loaded.
/// </summary>
public sealed class FewOpenFilesTests
{
    private const int OpenFiles = 400;
    private const string NoneLeft = "No connection could be accepted";

    [Fact]
    public async Task A_first_mail_without_a_descriptor_left_keeps_out_none_that_comes_later()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/sh"), "Limits of a process are set by Linux' shell here.");
        await using Gateway gateway = await Gateway.StartAsync(new GatewayOptions { OpenFiles = OpenFiles });
        Assert.Contains($"lets this process open {OpenFiles} files and sockets, too few for Relay:Smtp:Limits:Sessions = 2000", gateway.Log, StringComparison.Ordinal);
        await using SmtpDialogue first = await SmtpDialogue.ConnectAsync(gateway.SmtpPort);

        var others = new List<TcpClient>();
        try
        {
            await FillAsync(gateway, others);
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

    /// <summary>Connects more often than there are descriptors; what is too much waits to be accepted.</summary>
    private static async Task FillAsync(Gateway gateway, List<TcpClient> others)
    {
        while (others.Count < OpenFiles)
        {
            var client = new TcpClient();
            others.Add(client);
            await client.ConnectAsync(IPAddress.Loopback, gateway.SmtpPort);
        }

        await Eventually.TrueAsync(() => gateway.Log.Contains(NoneLeft, StringComparison.Ordinal), "it has none left");
    }
}
