using System.Text;
using Relay.TestKit;

namespace Relay.EndToEnd.Harness;

/// <summary>Commands of <c>relay</c> run to their end, as an operator or a mail server's pipe would.</summary>
internal static class RelayCommand
{
    /// <summary>Runs one with the settings of a gateway, in a folder that is not the gateway's.</summary>
    internal static Task<(int Code, string Output, string Errors)> RunAsync(Gateway gateway, params string[] arguments) =>
        RunAsync(gateway.Environment, null, arguments);

    /// <param name="environment">Settings.</param>
    /// <param name="input">Written to its standard input as octets of Latin-1.</param>
    /// <param name="arguments">The command and its options.</param>
    internal static async Task<(int Code, string Output, string Errors)> RunAsync(
        IReadOnlyDictionary<string, string?> environment, string? input, params string[] arguments)
    {
        await using RunningProgram program = RunningProgram.Start(new ProgramStart(Gateway.ProgramPath)
        {
            Arguments = arguments,
            Environment = environment,
            Input = input is null ? null : Encoding.Latin1.GetBytes(input),
            Folder = Path.GetTempPath(),
        });
        int code = await program.ExitAsync(TimeSpan.FromSeconds(60));
        Sentences.AssertNoStackTrace(program);
        return (code, program.Output, program.Errors);
    }
}
