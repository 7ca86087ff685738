using System.Globalization;
using Relay.Hosting;
using Relay.Wire.Ews;

namespace Relay.Demo;

/// <summary>
/// <c>relay demo</c>: the main job in one process. A subscriber that can only mail asks the calendar, subscribes to a mailbox, gets each
/// new mail in it as a notification mail, and unsubscribes.
/// </summary>
internal static class DemoCommand
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(int events, TextWriter output, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(LongestWait + TimeSpan.FromSeconds(events));
        var printer = new DemoPrinter(output);
        await using var stage = new DemoStage();
        await stage.StartAsync(patience.Token);
        await using var stopping = stage.Stopping.Register(patience.Cancel);
        try
        {
            await PlayAsync(stage, printer, events, patience.Token);
            return RelayCommandLine.Success;
        }
        catch (OperationCanceledException)
        {
            bool stopped = cancellationToken.IsCancellationRequested || stage.Stopping.IsCancellationRequested;
            await Console.Error.WriteLineAsync(stopped ? "The demo was stopped." : "The demo waited too long for a mail.");
            return RelayCommandLine.Failure;
        }
    }

    private static async Task PlayAsync(DemoStage stage, DemoPrinter printer, int events, CancellationToken cancellationToken)
    {
        var subscriber = new DemoSubscriber(stage, printer);
        printer.Say($"A relay listens on 127.0.0.1:{stage.RelayPort}; {DemoCast.App} sits behind a firewall and can only mail.\n");

        printer.Say("It asks the calendar service for a month:\n");
        await subscriber.SendAsync(DemoCast.Calendar, DemoSubscriber.GetMonth(TimeProvider.System.GetUtcNow()), cancellationToken);
        await subscriber.ReceiveAsync(cancellationToken);

        printer.Say($"It subscribes to new mail in the Exchange mailbox {DemoCast.Mailbox}:\n");
        await subscriber.SendAsync(DemoCast.Ews, DemoSubscriber.Subscribe(), cancellationToken);
        var answer = await subscriber.ReceiveAsync(cancellationToken);
        string subscriptionId = answer.Body.Descendants(EwsNames.Messages + "SubscriptionId").FirstOrDefault()?.Value
            ?? throw new InvalidDataException("The Subscribe was refused.");

        printer.Say(events == 1
            ? "One mail arrives in that mailbox. It comes to it as a notification:\n"
            : string.Create(CultureInfo.InvariantCulture, $"{events} mails arrive in that mailbox. Each comes to it as a notification:\n"));
        int arrived = 0;
        for (int sent = 1; sent <= events; sent++)
        {
            stage.Exchange!.DeliverMail(DemoCast.Mailbox, string.Create(CultureInfo.InvariantCulture, $"Order {sent}"), "shop@web.example");
            while (arrived < sent)
            {
                arrived += (await subscriber.ReceiveAsync(cancellationToken)).Events.Count;
            }
        }

        printer.Say("It has seen enough:\n");
        await subscriber.SendAsync(DemoCast.Ews, EwsRequestWriter.Unsubscribe(subscriptionId), cancellationToken);
        await subscriber.ReceiveAsync(cancellationToken);
        printer.Say(string.Create(CultureInfo.InvariantCulture, $"{arrived} {(arrived == 1 ? "event" : "events")} arrived. To go on, start the relay in one terminal and relay-client, a subscriber, in another:"));
        printer.Say("  dotnet run -c Release --project src/Relay -- run --Relay:Exchange:Simulator:Activity=5");
        printer.Say("  dotnet run -c Release --project src/Client -- subscribe --mailbox ann@localhost --folder inbox --event NewMail --follow");
    }
}
