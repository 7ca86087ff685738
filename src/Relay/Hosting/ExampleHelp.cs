using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Relay.Hosting;

/// <summary>Help as the library prints it, with an example of the command below it.</summary>
internal sealed class ExampleHelp(HelpAction help, IReadOnlyDictionary<Command, string> examples) : SynchronousCommandLineAction
{
    public static void Install(RootCommand root, IReadOnlyDictionary<Command, string> examples)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            option.Action = new ExampleHelp((HelpAction)option.Action!, examples);
        }
    }

    /// <summary>Who asks how a command is used need not use it rightly.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int code = help.Invoke(parseResult);
        if (ExampleOf(parseResult.CommandResult) is { } example)
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine(example.Contains('\n', StringComparison.Ordinal) ? "Examples:" : "Example:");
            foreach (string line in example.Split('\n'))
            {
                output.WriteLine($"  {line}");
            }
        }

        return code;
    }

    // The commands of a group share its examples.
    private string? ExampleOf(SymbolResult? at) => at switch
    {
        CommandResult command when examples.TryGetValue(command.Command, out string? example) => example,
        { Parent: { } parent } => ExampleOf(parent),
        _ => null,
    };
}
