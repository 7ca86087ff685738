using System.Text.Json.Nodes;
using Relay.Client.Mail;
using Relay.Client.Services;
using Relay.Wire.Smtp;

namespace Relay.Client.Commands;

/// <summary>What a running command has in hand.</summary>
/// <param name="Client">Carries the mails.</param>
/// <param name="Service">Whom the command asks.</param>
/// <param name="From">Our address.</param>
/// <param name="Reporter">Prints.</param>
/// <param name="Environment">The rest of the world.</param>
internal sealed record Session(
    RelayMailClient Client, MailAddress Service, MailAddress From, Reporter Reporter, ClientEnvironment Environment)
{
    public EwsMailService Ews { get; } = new(Client, Service);

    public RelayMailService Relay { get; } = new(Client, Service);

    /// <summary>Prints why a result is no success.</summary>
    /// <returns>The exit code.</returns>
    public int End<T>(ServiceResult<T> result) => result is ServiceResult<T>.Failed { Answer: RelayAnswer.NotAwaited { MessageId: var id } }
        ? Done($"Sent as {id}; the answer goes to the program that listens.", new JsonObject { ["messageId"] = id })
        : Reporter.Failure(Sentences.Of(result));

    /// <summary>Prints a result.</summary>
    /// <returns>The exit code.</returns>
    public int Done(string text, JsonObject fields)
    {
        Reporter.Result(text, fields);
        return ExitCodes.Success;
    }
}
