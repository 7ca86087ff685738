using System.Globalization;
using System.Xml.Linq;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Mailboxes;

/// <summary>Makes something happen now and then: mail arrives, is read, moved, deleted; one mailbox after another.</summary>
internal sealed class SelfMadeActivity(SimulatedDatabase database, MailboxActions actions, Random random)
{
    private static readonly XNamespace T = EwsNames.Types;

    private static readonly string[] Subjects =
        ["Minutes of Tuesday", "Lunch?", "Invoice", "Your order has left the house", "Figures for the quarter", "Welcome"];

    private int _count;

    public async Task RunAsync(TimeSpan interval, TimeProvider time, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                Step();
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    /// <summary>One action in the next mailbox; nothing while there is none.</summary>
    public void Step()
    {
        lock (database.Gate)
        {
            if (database.Mailboxes.Count == 0)
            {
                return;
            }

            var mailbox = database.Mailboxes.ElementAt(_count++ % database.Mailboxes.Count);
            var inbox = mailbox.Distinguished["inbox"];
            var oldest = inbox.Items.FirstOrDefault();
            switch (oldest is null || inbox.Items.Count < 3 ? 0 : random.Next(6))
            {
                case 0 or 1 or 2:
                    Deliver(mailbox);
                    break;
                case 3:
                    actions.Update(oldest!, [new XElement(T + "IsRead", oldest!.IsRead ? "false" : "true")], []);
                    break;
                case 4:
                    actions.Move(oldest!, mailbox.Distinguished["archive"]);
                    break;
                default:
                    actions.Move(oldest!, mailbox.Distinguished["deleteditems"]);
                    break;
            }
        }
    }

    private void Deliver(SimulatedMailbox mailbox)
    {
        var subject = Subjects[random.Next(Subjects.Length)] + " " + _count.ToString(CultureInfo.InvariantCulture);
        actions.Deliver(mailbox, new XElement(T + "Message",
            new XElement(T + "Subject", subject),
            new XElement(T + "Body", new XAttribute("BodyType", "Text"), "Made by the Exchange simulator."),
            new XElement(T + "ToRecipients", MailboxActions.MailboxElement(mailbox.Address))), "activity@simulator.invalid");
    }
}
