using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Relay.Operator;
using Relay.Reports;
using Relay.Store;
using Relay.Subscriptions;

namespace Relay.Hosting;

/// <summary><c>relay queue list|show|retry|drop</c>: the mails of both queues.</summary>
internal static class QueueCommands
{
    public const string Example =
        "relay queue list --json\nrelay queue show out-34 --body\nrelay queue retry in-12\nrelay queue drop out-34";

    public static Command Build(Func<ParseResult, CommandInput> inputOf, Option<bool> json, Option<int> limit)
    {
        var id = new Argument<QueueId>("ID")
        {
            Description = "As the list names it: in-12, out-34",
            CustomParser = result =>
            {
                if (!QueueId.TryParse(result.Tokens[0].Value, out var parsed))
                {
                    result.AddError($"{result.Tokens[0].Value} names no mail of a queue; the list names them as in-12 or out-34.");
                }

                return parsed;
            },
        };
        var body = new Option<bool>("--body") { Description = "The body as well" };

        var list = new Command("list", "List the mails that wait, are in hand, set aside or given up") { json, limit };
        list.SetAction((result, _) => StoreCommand.RunAsync(inputOf(result), (store, output) =>
            Task.FromResult(List(store, output, result.GetValue(limit), result.GetValue(json)))));
        var show = new Command("show", "Show one mail: envelope, attempts, header") { id, body, json };
        show.SetAction((result, _) => StoreCommand.RunAsync(inputOf(result), (store, output) =>
            ShowAsync(store, output, result.GetValue(id), result.GetValue(body), result.GetValue(json))));
        var retry = new Command("retry", "Make a mail due now, also one that was set aside or given up") { id, json };
        retry.SetAction((result, token) => StoreCommand.RunAsync(inputOf(result), (store, output) =>
            RetryAsync(store, output, result.GetValue(id), result.GetValue(json), token)));
        var silent = new Option<bool>("--silent") { Description = "Tell the sender of the mail nothing" };
        var drop = new Command("drop", "End a mail unhandled or unsent; the sender of an incoming or forwarded one is told, unless it asked for nothing") { id, silent, json };
        drop.SetAction((result, token) => StoreCommand.RunAsync(inputOf(result), (store, output) =>
            DropAsync(
                store, output, result.GetValue(id), result.GetValue(silent) ? null : inputOf(result).ReadSettings().Smtp.HostName, result.GetValue(json), token)));
        return new Command("queue", "The mails that wait: incoming ones in the spool, outgoing ones in the outbox") { list, show, retry, drop };
    }

    private static async Task<int> RetryAsync(IStore store, TextWriter output, QueueId id, bool asJson, CancellationToken cancellationToken)
    {
        var act = await new QueueDesk(store, TimeProvider.System).RetryAsync(id, cancellationToken);
        return await StoreCommand.TellAsync(output, (act.Done, act.Sentence), asJson ? new { act.Mail } : null);
    }

    private static async Task<int> DropAsync(
        IStore store, TextWriter output, QueueId id, string? tellingAs, bool asJson, CancellationToken cancellationToken)
    {
        using var chance = RandomNumberGenerator.Create();
        var reports = tellingAs is null ? null : new DropReports(
            new DeliveryReports(new OwnMessageIds(store.Read(t => t.Identity.SigningKey), new IdSource(chance)), tellingAs, TimeProvider.System),
            store.MailFiles);
        var act = await new QueueDesk(store, TimeProvider.System).DropAsync(id, reports, cancellationToken);
        return await StoreCommand.TellAsync(output, (act.Done, act.Sentence), asJson ? new { act.Mail, SenderTold = act.IsSenderTold } : null);
    }

    private static int List(IStore store, TextWriter output, int limit, bool asJson)
    {
        var (mails, all) = new QueueDesk(store, TimeProvider.System).List(limit);
        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(new { All = all, Mails = mails }, Plain.Json));
        }
        else
        {
            QueueText.List(output, mails, all, TimeProvider.System.GetUtcNow());
        }

        return RelayCommandLine.Success;
    }

    private static async Task<int> ShowAsync(IStore store, TextWriter output, QueueId id, bool body, bool asJson)
    {
        if (new QueueDesk(store, TimeProvider.System).Show(id) is not { } details)
        {
            return await StoreCommand.TellAsync(output, (false, $"There is no mail {id}; those that are done with are kept for 7 days."));
        }

        if (asJson)
        {
            var fields = details.Fields().Select(field => new { field.Name, field.Value });
            var shown = new { details.Mail, details.Failures, Header = fields, Body = body ? details.Body() : null };
            await output.WriteLineAsync(JsonSerializer.Serialize(shown, Plain.Json));
        }
        else
        {
            QueueText.Show(output, details, body);
        }

        return RelayCommandLine.Success;
    }
}
