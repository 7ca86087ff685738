using System.Globalization;

namespace Relay.ExchangeSimulator;

/// <summary>What the command line asks for.</summary>
internal abstract record SimulatorCommand
{
    private SimulatorCommand()
    {
    }

    public const string HelpText = """
        Usage: exchange-simulator [options]

        An Exchange Web Services endpoint with mailboxes in memory. Any user and password are right.

          --url URL           where to listen (http://127.0.0.1:8026/EWS/Exchange.asmx; port 0 for any)
          --mailboxes A,B     the only addresses that are mailboxes (default: any)
          --activity SECONDS  make something happen this often (default: never)
          --minute SECONDS    how long a minute of the protocol takes (60)
          --heartbeat SECONDS how often an idle stream says that it lives (30)
          --spacing SECONDS   the least time between two envelopes of a stream (0.3)
          --profile YEAR      2013 (and later) or 2010: which actions raise which events
          --schema FOLDER     validate requests against types.xsd and messages.xsd there
          --seed NUMBER       seed of ids and self-made activity (1)
          --help, --version
        """;

    public sealed record Run(ExchangeSimulatorOptions Options) : SimulatorCommand;

    public sealed record Print(string Text) : SimulatorCommand;

    public sealed record Wrong(string Sentence) : SimulatorCommand;

    public static SimulatorCommand Parse(IReadOnlyList<string> arguments)
    {
        var options = new ExchangeSimulatorOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--help" or "-h" or "-?":
                    return new Print(HelpText);
                case "--version":
                    return new Print(typeof(SimulatorCommand).Assembly.GetName().Version?.ToString(3) ?? "");
            }

            if (i + 1 == arguments.Count)
            {
                return new Wrong($"{arguments[i]} is unknown or needs a value; --help shows the options.");
            }

            if (!Set(options, arguments[i], arguments[++i]))
            {
                return new Wrong($"{arguments[i - 1]} {arguments[i]} is not understood; --help shows the options.");
            }
        }

        return options.Faults() is { Count: > 0 } faults ? new Wrong(string.Join(' ', faults)) : new Run(options);
    }

    private static bool Set(ExchangeSimulatorOptions options, string name, string value)
    {
        switch (name)
        {
            case "--url" when Uri.TryCreate(value, UriKind.Absolute, out var url):
                options.Url = url;
                return true;
            case "--mailboxes":
                options.Mailboxes = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                return true;
            case "--activity" when Seconds(value) is { } seconds:
                options.Activity = seconds;
                return true;
            case "--minute" when Seconds(value) is { } seconds:
                options.Minute = seconds;
                return true;
            case "--heartbeat" when Seconds(value) is { } seconds:
                options.Heartbeat = seconds;
                return true;
            case "--spacing" when value == "0" || Seconds(value) is not null:
                options.EnvelopeSpacing = Seconds(value) ?? TimeSpan.Zero;
                return true;
            case "--profile" when value is "2010" or "2013":
                options.Profile = value == "2010" ? EventProfile.Exchange2010 : EventProfile.Exchange2013;
                return true;
            case "--schema":
                options.SchemaFolder = value;
                return true;
            case "--seed" when int.TryParse(value, CultureInfo.InvariantCulture, out var seed):
                options.Seed = seed;
                return true;
            default:
                return false;
        }
    }

    private static TimeSpan? Seconds(string value) =>
        double.TryParse(value, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e8
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
