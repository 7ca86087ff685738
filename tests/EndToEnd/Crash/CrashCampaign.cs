using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Relay.EndToEnd.Harness;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.EndToEnd.Crash;

/// <summary>
/// Kills the real gateway with SIGKILL at random moments, also while it starts, and at chosen commits, under load and with a smarthost that fails
/// at random, with Exchange in a process of its own. At the end everything that was promised must have been kept.
/// </summary>
internal sealed class CrashCampaign(CampaignOptions options)
{
    private readonly Random _chance = new(options.Seed);
    private readonly Random _moodChance = new(~options.Seed);
    private readonly Lock _mood = new();
    private readonly Ledger _ledger = new();
    private bool _calm = true;

    internal async Task<Verdict> RunAsync()
    {
        long started = Stopwatch.GetTimestamp();
        await using SimulatorProcess simulator = await SimulatorProcess.StartAsync();
        await using Gateway gateway = await Gateway.StartAsync(new GatewayOptions
        {
            ExchangeUrl = simulator.Url,
            Smarthost = new RecordingMailServerOptions { Mood = Mood },
        });
        using var exchange = new EwsClient(simulator.Url);
        Subscriber[] subscribers = [.. await SubscribeAsync(gateway)];

        gateway.Smarthost.ForRecipient(Load.RefusedAddress, new MailServerOrder.Answer("550 5.1.1 no such user"));
        _calm = false;
        await KillUnderLoadAsync(gateway, exchange);

        bool drained = await DrainAsync(gateway, subscribers);
        Verdict verdict = Verdict.Of(_ledger, subscribers, gateway.Smarthost.Mails);
        IReadOnlyList<string> stories = await StoriesAsync(gateway);
        List<string> violations = [.. verdict.Violations, .. stories, .. gateway.Smarthost.Complaints, .. await IntegrityAsync(gateway)];
        string run = $"{options.Rounds} kills, seed {options.Seed}, {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s, drained: {drained}";
        return new Verdict([run, .. verdict.Figures], violations);
    }

    private async Task KillUnderLoadAsync(Gateway gateway, EwsClient exchange)
    {
        var load = new Load(gateway, exchange, _ledger);
        using var stop = new CancellationTokenSource();
        Task[] working =
        [
            .. Enumerable.Range(1, 2).Select(worker => load.AskAsync(worker, new Random(options.Seed + worker), stop.Token)),
            .. options.Mailboxes.Select((mailbox, at) => load.LiveAsync(mailbox, new Random(options.Seed - at - 1), stop.Token)),
        ];
        for (int round = 0; round < options.Rounds; round++)
        {
            await KillOnceAsync(gateway);
        }

        await stop.CancelAsync();
        await Task.WhenAll(working);

        // A mail that hangs would be waited for as long as the standard has it.
        await gateway.KillAsync();
        _calm = true;
        await gateway.RestartAsync();
    }

    private async Task KillOnceAsync(Gateway gateway)
    {
        if (_chance.Next(2) == 0)
        {
            // At a commit, just before it or just after.
            await gateway.KillAsync();
            string moment = _chance.Next(2) == 0 ? "before" : "after";
            await gateway.RestartToDieAsync($"{moment}:{1 + _chance.Next(120)}", TimeSpan.FromSeconds(10));
        }
        else
        {
            await Task.Delay(_chance.Next(50, 1500));
            await gateway.KillAsync();
            if (_chance.Next(5) == 0)
            {
                await gateway.BeginRestartAsync();
                await Task.Delay(_chance.Next(1000));
                await gateway.KillAsync();
            }
        }

        await gateway.RestartAsync();
    }

    private async Task<List<Subscriber>> SubscribeAsync(Gateway gateway)
    {
        var subscribers = new List<Subscriber>();
        foreach (string mailbox in options.Mailboxes)
        {
            for (int number = 1; number <= options.SubscribersPerMailbox; number++)
            {
                string address = $"{mailbox.Split('@')[0]}-{number}@subscriber.example";
                string id = await gateway.MailAsync(address, "ews@localhost", Soap.Mail(
                    address, "ews@localhost", $"<{address}>", Soap.Envelope(Soap.PushSubscribe(mailbox, address))));
                System.Xml.Linq.XElement answer = Soap.Body(await gateway.AnswerToAsync(id));
                subscribers.Add(new Subscriber(address, mailbox, answer.Value("SubscriptionId")!, answer.Value("Watermark")!));
            }
        }

        return subscribers;
    }

    /// <summary>False when something is still missing at the end of its time: the verdict says what.</summary>
    private async Task<bool> DrainAsync(Gateway gateway, Subscriber[] subscribers)
    {
        var progress = new Progress(_ledger, subscribers);
        try
        {
            await Eventually.TrueAsync(() => progress.IsComplete(gateway.Smarthost.Mails), "all answers and notifications", options.Drain);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>What the store and the smarthost know of requests that were not answered, while the relay still runs.</summary>
    private async Task<IReadOnlyList<string>> StoriesAsync(Gateway gateway)
    {
        var stories = new List<string>();
        foreach (string id in Verdict.UnansweredIds(_ledger, gateway.Smarthost.Mails).Take(5))
        {
            var (_, output, errors) = await RelayCommand.RunAsync(gateway, "trace", id);
            stories.Add($"relay trace {id}:\n{output}{errors}");
            stories.AddRange(gateway.Smarthost.Mails.Where(mail => mail.InReplyTo == id).Select(mail => $"at the smarthost, not taken, {mail.At:O}: {mail.Text}"));
        }

        return stories;
    }

    private static async Task<IEnumerable<string>> IntegrityAsync(Gateway gateway)
    {
        var violations = new List<string>();
        int code = await gateway.TerminateAsync();
        if (code != 0)
        {
            violations.Add($"the relay ended with {code}:\n{gateway.Log}");
        }

        await using var connection = new SqliteConnection($"Data Source={gateway.DatabasePath};Mode=ReadWrite;Pooling=False");
        await connection.OpenAsync();
        await using SqliteCommand check = connection.CreateCommand();
        check.CommandText = "PRAGMA integrity_check";
        object? said = await check.ExecuteScalarAsync();
        if (said is not "ok")
        {
            violations.Add($"integrity_check: {said}");
        }

        return violations;
    }

    private MailServerOrder? Mood(MailServerStage stage)
    {
        lock (_mood)
        {
            if (_calm)
            {
                return null;
            }

            double drawn = _moodChance.NextDouble();
            return stage switch
            {
                MailServerStage.Connect when drawn < options.SmarthostFailures => new MailServerOrder.Answer("421 4.3.2 not now"),
                MailServerStage.Hello when drawn < options.SmarthostFailures => new MailServerOrder.Answer("554 5.7.1 not you"),
                MailServerStage.Mail when drawn < options.SmarthostFailures => new MailServerOrder.Answer("421 4.3.2 closing"),
                MailServerStage.Recipient when drawn < options.SmarthostFailures / 10 => new MailServerOrder.Hang(),
                MailServerStage.Recipient when drawn < options.SmarthostFailures => new MailServerOrder.Answer("450 4.2.0 later"),
                MailServerStage.Data when drawn < options.SmarthostFailures => new MailServerOrder.CutInData(_moodChance.Next(2000)),
                MailServerStage.Content when drawn < options.SmarthostFailures => new MailServerOrder.Cut(),
                MailServerStage.Content when drawn < 1.1 * options.SmarthostFailures => new MailServerOrder.Hang(),
                MailServerStage.Content when drawn < 2 * options.SmarthostFailures => new MailServerOrder.Answer("451 4.3.0 later"),
                MailServerStage.Content when drawn < 0.2 => new MailServerOrder.Wait(TimeSpan.FromMilliseconds(_moodChance.Next(50))),
                _ => null,
            };
        }
    }
}
