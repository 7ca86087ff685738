using System.CommandLine;
using System.Text.Json.Nodes;
using Relay.Client.Mail;
using Relay.Client.Services;
using Relay.Wire.Ews;

namespace Relay.Client.Commands;

/// <summary><c>subscribe</c>: watches folders of a mailbox.</summary>
internal sealed class SubscribeCommand
{
    private readonly SubscribeOptions _wanted = new();
    private readonly PushTermsOptions _terms = new();
    private readonly Option<bool> _follow = new("--follow") { Description = "push: go on listening, as listen does" };
    private readonly FollowOptions _following = new();

    public static Command Create(SessionOpener sessions)
    {
        var parts = new SubscribeCommand();
        var command = new Command("subscribe", "Watches folders of a mailbox");
        parts._wanted.AddTo(command);
        parts._terms.AddTo(command);
        command.Options.Add(parts._follow);
        parts._following.AddTo(command);
        sessions.SetListening(command, parsed => parsed.GetValue(parts._follow), parts.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, Session session, CancellationToken cancellationToken)
    {
        WatermarkFile? state = _following.OpenState(parsed);
        SubscribeRequest request = _wanted.Request(parsed, session.From);
        ServiceResult<EwsSubscribed> result = await session.Ews.SubscribeAsync(
            request, _wanted.Mailbox(parsed), _terms.Read(parsed), cancellationToken);
        if (result is not ServiceResult<EwsSubscribed>.Success { Value: var made })
        {
            return session.End(result);
        }
        string watermark = made.Watermark is null ? "" : $"{Environment.NewLine}Watermark: {made.Watermark}";
        session.Reporter.Result($"SubscriptionId: {made.SubscriptionId}{watermark}",
            new JsonObject { ["subscriptionId"] = made.SubscriptionId, ["watermark"] = made.Watermark });
        if (made.Watermark is not null)
        {
            state?.Set(made.SubscriptionId, made.Watermark);
        }
        if (parsed.GetValue(_follow))
        {
            return await _following.RunAsync(parsed, session, state, cancellationToken);
        }
        session.Reporter.Hint(Next(request.Kind, made));
        return ExitCodes.Success;
    }

    private static string Next(SubscriptionKind kind, EwsSubscribed made) => kind switch
    {
        SubscriptionKind.Push => "Next: relay-client listen",
        SubscriptionKind.Pull => $"Next: relay-client get-events {made.SubscriptionId} {made.Watermark}",
        _ => $"Next: relay-client stream {made.SubscriptionId}",
    };
}
