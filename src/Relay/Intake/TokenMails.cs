using Relay.Access;
using Relay.Operations;
using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Mime;

namespace Relay.Intake;

/// <summary>
/// Mail to the addresses that we made for one subscription: <c>unsubscribe+TOKEN</c> ends it, which the token alone permits since only its
/// subscriber has it; <c>renew+TOKEN</c> renews its lease and <c>confirm+TOKEN</c> confirms a request, if a person replies; <c>bounce+TOKEN</c> takes what mail servers report. None is
/// answered.
/// </summary>
internal sealed class TokenMails(SubscriptionTokens tokens, ParkedRequests parked)
{
    public StepPlan Plan(IncomingMail mail, KnownRecipient.Token token)
    {
        string purpose = token.Kind.ToString().ToLowerInvariant();
        if (tokens.Read(token.Text, purpose) is not { } id)
        {
            return StepPlan.Nothing($"ignored: a {purpose} token that we did not make");
        }

        return token.Kind switch
        {
            TokenKind.Bounce => StepPlan.Nothing($"a report on mail of subscription {id}"),
            TokenKind.Unsubscribe => new StepPlan.Commit(transaction => End(transaction, id, mail.Spooled.ReceivedAt)),
            TokenKind.Renew when Automatic(mail) is { } reason => StepPlan.Nothing($"not renewed: {reason}"),
            TokenKind.Confirm when Automatic(mail) is { } reason => StepPlan.Nothing($"not confirmed: {reason}"),
            TokenKind.Confirm => new StepPlan.Commit(transaction => new StepOutcome(
                parked.Release(transaction, token.Text) is { } released ? $"confirmed {released.MailId}" : "ignored: a token that has been used, or is too old")),
            TokenKind.Renew => new StepPlan.Commit(transaction => Renew(transaction, id, mail.Spooled.ReceivedAt)),
            _ => throw new InvalidOperationException("The kinds of tokens are closed."),
        };
    }

    // An absence notice is no consent (RFC 3834 §2).
    private static string? Automatic(IncomingMail mail) =>
        MailClassifier.Classify(mail.Spooled.ReversePath is null, mail.Headers) is { Kind: not MailKind.Request, Reason: var reason } ? reason : null;

    private static StepOutcome Renew(IStoreTransaction transaction, long id, DateTimeOffset now) => new(
        Acknowledgement.Renew(transaction, id, now) ? $"renewed the lease of {id}" : $"ignored: subscription {id} has no lease any more", id);

    private static StepOutcome End(IStoreTransaction transaction, long id, DateTimeOffset now)
    {
        bool ended = transaction.Subscriptions.End(id, EndReasons.UnsubscribedByAddress, now);
        transaction.Outbox.DropOfSubscription(id);
        return new StepOutcome(ended ? $"unsubscribed {id}" : $"ignored: subscription {id} had ended", id);
    }
}
