using Microsoft.Extensions.Logging;
using Relay.Access;
using Relay.Smtp.Server;
using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Smtp;

namespace Relay.Inbound;

/// <summary>
/// The application behind the SMTP server: refuses in the dialogue whatever can be known there, and leaves the rest in the spool.
/// </summary>
internal sealed class SpoolHandler(
    IStore store,
    RecipientDirectory directory,
    SubscriptionTokens tokens,
    AccessPolicy access,
    Pressure pressure,
    MailRates rates,
    string hostName,
    InboundMeters meters,
    TimeProvider time,
    ILogger<SpoolHandler> logger) : IMailHandler
{
    /// <summary>RFC 4954 §6: the client has to say AUTH first.</summary>
    private static readonly SmtpReply AuthenticationRequired = SmtpReplies.Make(530, 5, 7, 0, "authentication required, say AUTH first");

    public async ValueTask<SmtpReply> SenderAsync(SmtpClientInfo client, MailParameters mail, CancellationToken ct) =>
        await pressure.RefusalAsync(mail.Size ?? 0, mail.ReversePath) ?? rates.Refusal(client, mail.ReversePath) ?? SmtpReplies.SenderOk;

    public async ValueTask<SmtpReply> RecipientAsync(
        SmtpClientInfo client, MailParameters mail, RecipientParameters recipient, CancellationToken ct)
    {
        var verdict = Judge(client, recipient.Address);
        if (verdict.IsPositive && directory.TryFind(recipient.Address, out var known) && known is KnownRecipient.Postmaster or KnownRecipient.Foreign)
        {
            verdict = await pressure.RefusalToPassOnAsync() ?? verdict;
        }

        meters.Recipient(verdict);
        return verdict;
    }

    public ValueTask<IMailDelivery> BeginAsync(SmtpClientInfo client, MailTransaction transaction, CancellationToken ct) =>
        ValueTask.FromResult<IMailDelivery>(new SpoolDelivery(store, pressure, client, transaction, IsFinal(transaction), hostName, meters, time, logger));

    private bool IsFinal(MailTransaction transaction) => transaction.Recipients.All(recipient =>
        directory.TryFind(recipient.Address, out var known) && known is KnownRecipient.Service or KnownRecipient.Token);

    // Reports come back to notifications, and to probes whether an address works again.
    private static string[] PurposesOf(TokenKind kind) => kind switch
    {
        TokenKind.Bounce => ["bounce", "probe"],
        TokenKind.Unsubscribe => ["unsubscribe"],
        TokenKind.Renew => ["renew"],
        TokenKind.Confirm => ["confirm"],
        _ => throw new InvalidOperationException("The kinds of tokens are closed."),
    };

    private SmtpReply Judge(SmtpClientInfo client, MailAddress address)
    {
        if (!directory.TryFind(address, out var recipient))
        {
            return directory.IsOurDomain(address.Domain)
                ? SmtpReplies.Make(550, 5, 1, 1, "no such address here")
                : SmtpReplies.Make(550, 5, 7, 1, "this server does not relay");
        }

        // Who guesses or alters such an address writes to nobody; a forged bounce is not even taken.
        if (recipient is KnownRecipient.Token token && !PurposesOf(token.Kind).Any(purpose => tokens.Read(token.Text, purpose) is not null))
        {
            return SmtpReplies.Make(550, 5, 1, 1, "no such address here");
        }

        // Bounces and mail to the postmaster come from anybody; only services ask who it is.
        return recipient is not KnownRecipient.Service ? SmtpReplies.RecipientOk : access.Judge(Origins.Of(client)) switch
        {
            DialogueVerdict.Possible => SmtpReplies.RecipientOk,
            DialogueVerdict.NeedsAccount => AuthenticationRequired,
            DialogueVerdict.Hopeless => SmtpReplies.Make(550, 5, 7, 1, "nothing proves who you are to this service"),
            _ => throw new InvalidOperationException("The verdicts are closed."),
        };
    }
}
