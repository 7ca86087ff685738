using System.CommandLine;
using System.Security.Cryptography;
using Relay.Access;
using Relay.Operator;
using Relay.Store;
using Relay.Wire.Mime;

namespace Relay.Hosting;

/// <summary>
/// <c>relay deliver</c>: one mail from standard input into the spool, for a mail server's pipe. Whatever is not the mail's fault exits with 75,
/// so that the mail server keeps it.
/// </summary>
internal static class DeliverCommand
{
    public const string Example = "relay deliver --config=/etc/relay/relay.json --from=app@branch.example --to=ews@gateway.example < mail.eml";

    public static Command Build(Func<ParseResult, CommandInput> inputOf)
    {
        var to = new Option<string[]>("--to")
        {
            Description = "An address of this relay; may be given several times",
            HelpName = "ADDR",
            Required = true,
            Arity = ArgumentArity.OneOrMore,
        };
        var from = new Option<string?>("--from")
        {
            Description = "The envelope sender, <> for none; else Return-Path, the From_ line or From of the mail",
            HelpName = "ADDR",
            Arity = ArgumentArity.ZeroOrOne, // a mail server may fill in nothing for the null reverse-path
        };
        from.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !LocalMail.IsPath(token.Value))
            {
                result.AddError($"--from takes an address or <>, not \"{token.Value}\".");
            }
        });
        var command = new Command("deliver", "Read one mail from standard input into the spool, for a mail server's pipe; exits 0 stored, 75 try again, 65 not a mail, 67 unknown address")
        {
            to, from,
        };
        command.SetAction((result, token) => RunAsync(inputOf(result), result.GetValue(to)!, SenderIn(result, from), Console.OpenStandardInput(), token));
        return command;
    }

    private static string? SenderIn(ParseResult result, Option<string?> from) =>
        result.GetResult(from) is { Implicit: false } ? result.GetValue(from) ?? "" : null;

    private static async Task<int> RunAsync(CommandInput input, string[] to, string? from, Stream mail, CancellationToken cancellationToken)
    {
        var (outcome, sentence) = await TakeAsync(input, to, from, mail, cancellationToken);
        try
        {
            await (outcome == PipeOutcome.Stored ? Console.Out : Console.Error).WriteLineAsync(sentence);
        }
        catch (IOException)
        {
            // Nobody can be told; the exit code says what became of the mail all the same.
            return (int)outcome;
        }

        return (int)outcome;
    }

    private static async Task<(PipeOutcome Outcome, string Sentence)> TakeAsync(
        CommandInput input, string[] to, string? from, Stream mail, CancellationToken cancellationToken)
    {
        try
        {
            var settings = input.ReadSettings();
            await using var store = input.OpenStore(settings);
            using var chance = RandomNumberGenerator.Create();
            var delivery = new PipeDelivery(
                store,
                new RecipientDirectory(settings.Services.Services, settings.Smtp.Domains, settings.Unknown),
                settings.Smtp.HostName,
                settings.Smtp.Server.MaxMessageBytes,
                new IdSource(chance),
                TimeProvider.System);
            return await delivery.TakeAsync(mail, to, from, cancellationToken);
        }
        catch (Exception exception)
        {
            // Also what nobody foresaw: any other exit code, and the mail server returns a mail that may be good.
            return (PipeOutcome.TryAgain, RelayCommandLine.Sentence(exception));
        }
    }
}
