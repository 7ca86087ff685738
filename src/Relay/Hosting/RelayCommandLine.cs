using System.CommandLine;
using Relay.Demo;
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

    public static async Task<int> RunAsync(string[] args)
    {
        // Settings on the command line go to the configuration, not to the commands: any of them may stand in either.
        string[] settings = [.. args.Where(IsSetting)];
        var parsed = Build(settings).Parse([.. args.Where(arg => !IsSetting(arg))]);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync(error.Message);
            }

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

    private static RootCommand Build(IReadOnlyList<string> settings)
    {
        var config = new Option<string?>("--config") { Description = "A settings file (JSON), over appsettings.json beside the program", HelpName = "FILE", Recursive = true };
        var root = new RootCommand("A notification relay that speaks SOAP over SMTP: subscribe to Exchange by mail, get each event by mail.");
        root.Options.Add(config);

        var run = new Command("run", "Run the gateway until Ctrl-C or SIGTERM (the default)");
        run.SetAction((result, token) => RunCommand.RunAsync(result.GetValue(config), settings, token));
        root.SetAction((result, token) => RunCommand.RunAsync(result.GetValue(config), settings, token));
        root.Subcommands.Add(run);

        var events = new Option<int>("--events") { Description = "How many Exchange events to wait for", DefaultValueFactory = _ => 5, HelpName = "N" };
        events.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, out int number) || number is < 1 or > 1000))
            {
                result.AddError("--events takes a number from 1 to 1000.");
            }
        });
        var demo = new Command("demo", "Show the main job in one process: a subscriber, the relay and an Exchange, all over real connections");
        demo.Options.Add(events);
        demo.SetAction((result, token) => DemoCommand.RunAsync(result.GetValue(events), Console.Out, token));
        root.Subcommands.Add(demo);
        root.Subcommands.Add(AccountCommands.Build(config, settings));
        return root;
    }

    private static bool IsSetting(string arg) => arg.StartsWith(SettingPrefix, StringComparison.OrdinalIgnoreCase);

    private static string Sentence(Exception exception) => exception switch
    {
        SettingsFaultException or StoreUnavailableException => exception.Message,
        IOException or UnauthorizedAccessException or InvalidDataException => exception.Message,
        System.Net.Sockets.SocketException => exception.Message,
        OperationCanceledException => "Stopped before it was done.",
        _ => $"An unexpected error: {exception.GetType().Name}: {exception.Message}",
    };
}
