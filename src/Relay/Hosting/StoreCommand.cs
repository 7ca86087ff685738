using System.Text.Json;
using Relay.Operator;
using Relay.Store;

namespace Relay.Hosting;

/// <summary>A command on the store of a relay that runs or ran.</summary>
internal static class StoreCommand
{
    public static async Task<int> RunAsync(CommandInput input, Func<IStore, TextWriter, Task<int>> work)
    {
        await using var store = input.OpenStore(input.ReadSettings());
        return await work(store, Console.Out);
    }

    /// <summary>Tells what was done, or on stderr why it was not.</summary>
    public static async Task<int> TellAsync(TextWriter output, (bool Done, string Sentence) result)
    {
        await (result.Done ? output : Console.Error).WriteLineAsync(result.Sentence);
        return result.Done ? RelayCommandLine.Success : RelayCommandLine.Failure;
    }

    /// <summary>Tells programs the facts of what was done; why it was not is a sentence on stderr for them too.</summary>
    public static Task<int> TellAsync(TextWriter output, (bool Done, string Sentence) result, object? facts) => TellAsync(
        output, result.Done && facts is not null ? (true, JsonSerializer.Serialize(facts, Plain.Json)) : result);
}
