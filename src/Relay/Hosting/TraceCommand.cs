using System.CommandLine;
using System.Text.Json;
using Relay.Operator;
using Relay.Store;

namespace Relay.Hosting;

/// <summary><c>relay trace ANY-ID</c>: where is my mail?</summary>
internal static class TraceCommand
{
    public const string Example = "relay trace '<7f0c1d@branch.example>'\nrelay trace out-34 --json";

    public static Command Build(Func<ParseResult, CommandInput> inputOf, Option<bool> json)
    {
        var id = new Argument<string>("ANY-ID")
        {
            Description = "A Message-ID with or without brackets, an id of the queue (in-12, out-34), a SubscriptionId, a watermark",
        };
        var trace = new Command("trace", "Tell the whole story of a mail, a subscription or an event in order of time") { id, json };
        trace.SetAction((result, _) => StoreCommand.RunAsync(inputOf(result), (store, output) =>
            RunAsync(store, output, result.GetValue(id)!, result.GetValue(json))));
        return trace;
    }

    private static async Task<int> RunAsync(IStore store, TextWriter output, string asked, bool asJson)
    {
        var story = new Tracer(store, TimeProvider.System).Trace(asked);
        if (story.Count == 0)
        {
            return await StoreCommand.TellAsync(
                output, (false, $"Nothing that is kept here has the id {Plain.Clean(asked)}; mails are kept for 7 days, subscriptions and events for 30."));
        }

        if (asJson)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(new { Asked = asked, Story = story }, Plain.Json));
        }
        else
        {
            TextTable.Write(output, [.. story.Select(step => (string[])[Plain.Time(step.At), step.Subject, step.What, step.Text])]);
        }

        return RelayCommandLine.Success;
    }
}
