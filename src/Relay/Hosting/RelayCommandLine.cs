using System.CommandLine;
using System.CommandLine.Parsing;
using Relay.Demo;
using Relay.Operator;
using Relay.Settings;
using Relay.Store;

namespace Relay.Hosting;

/// <summary>The commands of <c>relay</c>: exit 0 on success, 1 on failure, 2 on wrong usage; errors are sentences on stderr.</summary>
internal static class RelayCommandLine
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int WrongUsage = 2;

    private const string SettingPrefix = "--Relay:";

    // A mail server fills these in from the envelope: what follows them is an address, whatever it looks like.
    private static readonly string[] TakeAnyValue = ["--from", "--to"];

    public static async Task<int> RunAsync(string[] args)
    {
        // Settings on the command line go to the configuration, not to the commands: any of them may stand in either.
        bool[] isSetting = [.. args.Select((arg, i) => IsSetting(arg) && !(i > 0 && TakeAnyValue.Contains(args[i - 1])))];
        string[] settings = [.. args.Where((_, i) => isSetting[i])];
        if (settings.FirstOrDefault(setting => !setting.Contains('=', StringComparison.Ordinal)) is { } bare)
        {
            await Console.Error.WriteLineAsync(Plain.Clean($"{bare} is given no value; write {bare}=VALUE."));
            return WrongUsage;
        }

        var parsed = Build(settings).Parse([.. args.Where((_, i) => !isSetting[i])]);
        if (parsed.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync(Usage(parsed));
            return WrongUsage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception exception)
        {
            await Console.Error.WriteLineAsync(Sentence(exception));
            return Failure;
        }
    }

    /// <summary>An error as people are told it.</summary>
    public static string Sentence(Exception exception) => exception switch
    {
        SettingsFaultException or StoreUnavailableException => exception.Message,
        IOException or UnauthorizedAccessException or InvalidDataException => exception.Message,
        System.Net.Sockets.SocketException => exception.Message,
        OperationCanceledException => "Stopped before it was done.",
        _ => $"An unexpected error ({exception.GetType().Name}): {exception.Message}",
    };

    // One sentence for the fault that says most; what follows from it, such as "Required command was not provided", says less.
    private static string Usage(ParseResult parsed) => Plain.Clean(parsed.UnmatchedTokens is [var unknown, ..]
        ? $"Unrecognized command or argument '{unknown}'."
        : parsed.Errors[0].Message);

    private static RootCommand Build(IReadOnlyList<string> settings)
    {
        var config = new Option<string?>("--config") { Description = "A settings file (JSON), over appsettings.json beside the program", HelpName = "FILE" };
        var root = new RootCommand("A notification relay that speaks SOAP over SMTP: subscribe to Exchange by mail, get each event by mail.");
        var json = new Option<bool>("--json") { Description = "As JSON, for programs" };
        var limit = new Option<int>("--limit") { Description = "How many at most", DefaultValueFactory = _ => 100, HelpName = "N" };
        limit.Validators.Add(result => RequireNumber(result, 1, 1_000_000));
        var examples = new Dictionary<Command, string> { [root] = "relay --config=/etc/relay/relay.json" };

        var run = new Command("run", "Run the gateway until Ctrl-C or SIGTERM (the default)");
        run.SetAction((result, token) => RunCommand.RunAsync(result.GetValue(config), settings, token));
        root.SetAction((result, token) => RunCommand.RunAsync(result.GetValue(config), settings, token));
        Add(run, "relay run --config=/etc/relay/relay.json --Relay:Smtp:HostName=gateway.example");
        Add(Demo(config, settings), "relay demo --events 3");
        Add(CheckCommand.Build(InputOf), CheckCommand.Example);
        Add(DeliverCommand.Build(InputOf), DeliverCommand.Example);
        Add(QueueCommands.Build(InputOf, json, limit), QueueCommands.Example);
        Add(SubscriptionCommands.Build(InputOf, json, limit), SubscriptionCommands.Example);
        Add(TraceCommand.Build(InputOf, json), TraceCommand.Example);
        Add(AccountCommands.Build(config, settings), "relay account add branch-app < password.txt\nrelay account list --json");
        AddToAll(root, config, except: "demo");
        ExampleHelp.Install(root, examples);
        return root;

        CommandInput InputOf(ParseResult result) => new(result.GetValue(config), settings);

        void Add(Command command, string example)
        {
            root.Subcommands.Add(command);
            examples[command] = example;
        }
    }

    /// <summary>An option of the command and of those below it; none that inherits it, as help would name it for whom it is not.</summary>
    private static void AddToAll(Command command, Option option, string except)
    {
        command.Options.Add(option);
        foreach (var below in command.Subcommands.Where(below => below.Name != except))
        {
            AddToAll(below, option, except);
        }
    }

    private static Command Demo(Option<string?> config, IReadOnlyList<string> settings)
    {
        var events = new Option<int>("--events") { Description = "How many Exchange events to wait for", DefaultValueFactory = _ => 5, HelpName = "N" };
        events.Validators.Add(result => RequireNumber(result, 1, 1000));
        var demo = new Command("demo", "Show the main job in one process: a subscriber, the relay and an Exchange, all over real connections") { events };
        demo.Validators.Add(result =>
        {
            if (settings.Count > 0 || result.GetResult(config) is { Implicit: false })
            {
                result.AddError("demo takes no settings: it brings a relay, an Exchange and a subscriber of its own.");
            }
        });
        demo.SetAction((result, token) => DemoCommand.RunAsync(result.GetValue(events), Console.Out, token));
        return demo;
    }

    private static void RequireNumber(OptionResult result, int least, int most)
    {
        if (result.Tokens is [var token] && (!int.TryParse(token.Value, out int number) || number < least || number > most))
        {
            result.AddError($"{result.Option.Name} takes a number from {least} to {most}.");
        }
    }

    private static bool IsSetting(string arg) => arg.StartsWith(SettingPrefix, StringComparison.OrdinalIgnoreCase);
}
