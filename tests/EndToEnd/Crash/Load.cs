using System.Net.Sockets;
using Relay.EndToEnd.Harness;
using Relay.TestKit.Mail;

namespace Relay.EndToEnd.Crash;

/// <summary>Requests that come and mailboxes that live, whether the gateway is up or not.</summary>
internal sealed class Load(Gateway gateway, EwsClient exchange, Ledger ledger)
{
    /// <summary>The smarthost refuses mail to it for good: what is asked from here cannot be answered, and must hold up nobody.</summary>
    internal const string RefusedAddress = "refused@crash.example";

    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(20);

    /// <summary>Mails requests one after another until told to stop; a Subscribe is sent again, octet for octet, until it is taken.</summary>
    internal async Task AskAsync(int worker, Random chance, CancellationToken stop)
    {
        for (int number = 1; !stop.IsCancellationRequested; number++)
        {
            string from = $"app{worker}@crash.example";
            string id = $"<{number}.{worker}@crash.example>";
            bool changesSomething = chance.Next(5) == 0;
            string mail = changesSomething
                ? Soap.Mail(from, "ews@localhost", id, Soap.Envelope(Soap.PullSubscribe("ann@crash.example")))
                : Soap.Mail(from, "calendar@localhost", id, Soap.Envelope(Soap.GetMonth(1 + chance.Next(3000), 1 + chance.Next(12))));
            if (!changesSomething && chance.Next(10) == 0)
            {
                await TryAsync(RefusedAddress, "calendar@localhost", null, mail.Replace(from, RefusedAddress));
            }

            string to = changesSomething ? "ews@localhost" : "calendar@localhost";
            while (!await TryAsync(from, to, id, mail) && changesSomething && !stop.IsCancellationRequested)
            {
                await Task.Delay(Breath, CancellationToken.None);
            }

            await Task.Delay(chance.Next(60), CancellationToken.None);
        }
    }

    /// <summary>Puts items into a mailbox one after another until told to stop.</summary>
    internal async Task LiveAsync(string mailbox, Random chance, CancellationToken stop)
    {
        for (int number = 1; !stop.IsCancellationRequested; number++)
        {
            ledger.Create(mailbox, await exchange.CreateItemAsync(mailbox, $"Item {number}"));
            await Task.Delay(chance.Next(100), CancellationToken.None);
        }
    }

    private async Task<bool> TryAsync(string from, string to, string? id, string mail)
    {
        try
        {
            string reply = await SmtpDialogue.SendAsync(gateway.SmtpPort, from, to, mail);
            if (reply.StartsWith("250 ", StringComparison.Ordinal))
            {
                if (id is not null)
                {
                    ledger.Accept(id);
                }

                return true;
            }

            ledger.Refuse();
        }
        catch (Exception cut) when (cut is SocketException or IOException)
        {
            // Killed in the middle, or not up again yet: whether the mail was taken, nobody knows.
            ledger.LoseSight();
        }

        return false;
    }
}
