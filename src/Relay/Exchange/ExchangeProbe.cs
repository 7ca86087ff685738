using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>
/// Tries what the relay needs of Exchange, for people who set it up. For each mailbox: its inbox can be read, and a subscription can be made
/// and ended. Leaves nothing behind.
/// </summary>
internal sealed class ExchangeProbe(EwsClient ews, ExchangeOptions options)
{
    internal async Task<IReadOnlyList<ExchangeFinding>> CheckAsync(IReadOnlyList<string> mailboxes, CancellationToken cancellationToken)
    {
        var findings = new List<ExchangeFinding>();
        foreach (var mailbox in mailboxes)
        {
            findings.Add(await CheckAsync(mailbox, cancellationToken));
        }

        return findings;
    }

    private async Task<ExchangeFinding> CheckAsync(string mailbox, CancellationToken cancellationToken)
    {
        var affinity = new Affinity(mailbox);
        var folder = await ews.GetFoldersAsync(mailbox, [new FolderReference.Distinguished("inbox", mailbox)], affinity, cancellationToken);
        var hindrance = folder switch
        {
            EwsReply<IReadOnlyList<EwsResult<EwsFolder>>>.Success { Value: [EwsResult<EwsFolder>.Error { Problem: var problem }, ..] } => Advice(problem),
            EwsReply<IReadOnlyList<EwsResult<EwsFolder>>>.Success => null,
            EwsReply<IReadOnlyList<EwsResult<EwsFolder>>>.Refused refused => Advice(refused.Error),
            EwsReply<IReadOnlyList<EwsResult<EwsFolder>>>.NoAnswer none => Advice(none.Reason),
            _ => throw new InvalidOperationException("The three replies are the only ones."),
        };
        hindrance ??= await SubscribeAsync(mailbox, affinity, cancellationToken);
        return new ExchangeFinding(hindrance is null, mailbox, hindrance ?? "The inbox can be read and all folders can be subscribed to.");
    }

    private async Task<string?> SubscribeAsync(string mailbox, Affinity affinity, CancellationToken cancellationToken)
    {
        var request = new SubscribeRequest(SubscriptionKind.Streaming, AllFolders: true, [], EwsEventTypes.All);
        switch (await ews.SubscribeAsync(mailbox, request, affinity, cancellationToken))
        {
            case EwsReply<EwsSubscribed>.Success { Value: var subscribed }:
                await ews.UnsubscribeAsync(mailbox, subscribed.SubscriptionId, affinity, cancellationToken);
                return null;
            case EwsReply<EwsSubscribed>.Refused refused:
                return Advice(refused.Error);
            case EwsReply<EwsSubscribed>.NoAnswer none:
                return Advice(none.Reason);
            default:
                throw new InvalidOperationException("The three replies are the only ones.");
        }
    }

    private string Advice(EwsError error)
    {
        var said = $"Exchange answered {error.ResponseCode}: {error.MessageText.TrimEnd('.')}.";
        var advice = error.ResponseCode switch
        {
            "ErrorNonExistentMailbox" => "Check the address; aliases do not count everywhere.",
            "ErrorImpersonateUserDenied" or "ErrorImpersonationFailed" =>
                $"Give {options.UserName} the role ApplicationImpersonation for this mailbox, or set {Key(nameof(options.Impersonate))} to false.",
            "ErrorAccessDenied" or "ErrorFolderNotFound" or "ErrorItemNotFound" =>
                $"Give {options.UserName} the right to read this mailbox, or the role ApplicationImpersonation and set {Key(nameof(options.Impersonate))}.",
            "ErrorSubscriptionDelegateAccessNotSupported" => $"Set {Key(nameof(options.Impersonate))} to true.",
            "ErrorExceededSubscriptionCount" => "Raise EWSMaxSubscriptions in the account's throttling policy, or wait until leftovers expire.",
            "ErrorExceededConnectionCount" or "ErrorServerBusy" => "Give the account a throttling policy of its own (EWSMaxConcurrency, EwsMaxBurst).",
            "ErrorInvalidServerVersion" or "ErrorIncorrectSchemaVersion" or "ErrorSchemaValidation" =>
                $"Set {Key(nameof(options.ServerVersion))} to a version that this server knows.",
            "ErrorPasswordExpired" => $"Renew the password of {options.UserName}.",
            _ => null,
        };
        return advice is null ? said : $"{said} {advice}";
    }

    private string Advice(string reason)
    {
        var advice = reason switch
        {
            _ when reason.StartsWith("No token", StringComparison.Ordinal) =>
                $"Check {Key("OAuth:TenantId")}, {Key("OAuth:ClientId")}, {Key("OAuth:ClientSecret")} or {Key("OAuth:CertificatePath")}, and {Key("OAuth:Authority")}.",
            _ when options.Auth == ExchangeAuth.OAuth && reason.Contains("401", StringComparison.Ordinal) => $"Check {Key("OAuth:Scope")} too.",
            _ when reason.StartsWith("TLS", StringComparison.Ordinal) =>
                $"If its certificate is of a private authority, name that in {Key(nameof(options.TrustedCertificates))}.",
            _ when reason.Contains("401", StringComparison.Ordinal) =>
                $"Check {Key(nameof(options.UserName))}, {Key(nameof(options.Password))} and {Key(nameof(options.Auth))}.",
            _ when reason.Contains("503", StringComparison.Ordinal) || reason.Contains("403", StringComparison.Ordinal)
                || reason.Contains("in time", StringComparison.Ordinal) => null,
            _ => $"Check {Key(nameof(options.Url))}; it ends in /EWS/Exchange.asmx as a rule.", // not there, or no Exchange
        };
        return advice is null ? reason : $"{reason} {advice}";
    }

    private static string Key(string name) => $"{ExchangeOptions.Section}:{name}";
}
