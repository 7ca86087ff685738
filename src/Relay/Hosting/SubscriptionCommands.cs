using System.CommandLine;
using System.Text.Json;
using Relay.Operator;
using Relay.Store;

namespace Relay.Hosting;

/// <summary><c>relay subscriptions list|show|end</c>: who wants to hear of what.</summary>
internal static class SubscriptionCommands
{
    public const string Example =
        "relay subscriptions list --mailbox ann@corp.example --state suspended\nrelay subscriptions show nZ0dPq8…\nrelay subscriptions end nZ0dPq8…";

    private static readonly string[] States = ["active", "paused", "suspended", "ended"];

    public static Command Build(Func<ParseResult, CommandInput> inputOf, Option<bool> json, Option<int> limit)
    {
        var id = new Argument<string>("ID") { Description = "As its owner knows it (SubscriptionId), or its number in the log" };
        var mailbox = new Option<string?>("--mailbox") { Description = "Only those of this mailbox", HelpName = "ADDR" };
        var owner = new Option<string?>("--owner") { Description = "Only those whose owner (entry/address) contains this", HelpName = "TEXT" };
        var state = new Option<string?>("--state") { Description = "Only active, paused, suspended or ended ones", HelpName = "STATE" };
        state.CompletionSources.Add(States);
        state.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !States.Contains(token.Value))
            {
                result.AddError($"--state takes {string.Join(", ", States[..^1])} or {States[^1]}, not \"{token.Value}\".");
            }
        });

        var list = new Command("list", "List subscriptions, also those that ended within 30 days") { mailbox, owner, state, json, limit };
        list.SetAction((result, _) => StoreCommand.RunAsync(inputOf(result), (store, output) => Task.FromResult(List(
            store,
            output,
            new SubscriptionSearch(result.GetValue(mailbox), result.GetValue(owner), result.GetValue(state)),
            result.GetValue(limit),
            result.GetValue(json)))));
        var show = new Command("show", "Show one subscription and its last mails") { id, json };
        show.SetAction((result, _) => StoreCommand.RunAsync(inputOf(result), (store, output) =>
            ShowAsync(store, output, result.GetValue(id)!, result.GetValue(json))));
        var end = new Command("end", "End a subscription for good") { id, json };
        end.SetAction((result, token) => StoreCommand.RunAsync(inputOf(result), (store, output) =>
            EndAsync(store, output, result.GetValue(id)!, result.GetValue(json), token)));
        return new Command("subscriptions", "The subscriptions: who is told of what") { list, show, end };
    }

    private static async Task<int> EndAsync(IStore store, TextWriter output, string id, bool asJson, CancellationToken cancellationToken)
    {
        var act = await new SubscriptionDesk(store, TimeProvider.System).EndAsync(id, cancellationToken);
        return await StoreCommand.TellAsync(output, (act.Done, act.Sentence), asJson ? new { act.Subscription } : null);
    }

    private static int List(IStore store, TextWriter output, SubscriptionSearch search, int limit, bool asJson)
    {
        var (subscriptions, more) = new SubscriptionDesk(store, TimeProvider.System).List(search, limit);
        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(new { More = more, Subscriptions = subscriptions }, Plain.Json));
        }
        else
        {
            SubscriptionText.List(output, subscriptions, more, TimeProvider.System.GetUtcNow());
        }

        return RelayCommandLine.Success;
    }

    private static async Task<int> ShowAsync(IStore store, TextWriter output, string id, bool asJson)
    {
        if (new SubscriptionDesk(store, TimeProvider.System).Show(id) is not { } found)
        {
            return await StoreCommand.TellAsync(output, (false, $"There is no subscription {id}; those that ended are kept for 30 days."));
        }

        if (asJson)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(new { found.Subscription, found.Mails }, Plain.Json));
        }
        else
        {
            SubscriptionText.Show(output, found.Subscription, found.Mails, TimeProvider.System.GetUtcNow());
        }

        return RelayCommandLine.Success;
    }
}
