using System.CommandLine.Parsing;

namespace Relay.Client.Commands;

/// <summary>Checks of numbers on the command line.</summary>
internal static class Ranges
{
    /// <summary>Accepts whole numbers from <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public static Action<OptionResult> Between(int least, int most) => result =>
    {
        if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, out int value) || value < least || value > most))
        {
            result.AddError($"{result.Option.Name} takes a number from {least} to {most}, not '{result.Tokens[0].Value}'.");
        }
    };
}
