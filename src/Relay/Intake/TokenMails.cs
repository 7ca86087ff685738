using Relay.Access;
using Relay.Bounces;
using Relay.Operations;
using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Mime;

namespace Relay.Intake;

/// <summary>
/// Mail to the addresses that we made: <c>unsubscribe+TOKEN</c> ends a subscription, which the token alone permits since only its subscriber has
/// it; <c>renew+TOKEN</c> renews its lease and <c>confirm+TOKEN</c> confirms a request, if a person replies; <c>bounce+TOKEN</c> takes what mail
/// servers report (<see cref="BounceMails"/>). None is answered.
/// </summary>
internal sealed class TokenMails(SubscriptionTokens tokens, ParkedRequests parked, BounceMails bounces, MimeLimits limits)
{
    public StepPlan Plan(IncomingMail mail, KnownRecipient.Token token) => token.Kind switch
    {
        TokenKind.Bounce => Report(mail, token.Text),
        TokenKind.Unsubscribe => tokens.Read(token.Text, "unsubscribe") is { } id
            ? new StepPlan.Commit(transaction => End(transaction, id, mail.Spooled.ReceivedAt))
            : StepPlan.Nothing("ignored: an unsubscribe token that we did not make"),
        TokenKind.Renew when Automatic(mail) is { } reason => StepPlan.Nothing($"not renewed: {reason}"),
        TokenKind.Renew => tokens.Read(token.Text, "renew") is { } id
            ? new StepPlan.Commit(transaction => Renew(transaction, id, mail.Spooled.ReceivedAt))
            : StepPlan.Nothing("ignored: a renew token that we did not make"),
        TokenKind.Confirm when Automatic(mail) is { } reason => StepPlan.Nothing($"not confirmed: {reason}"),
        TokenKind.Confirm => new StepPlan.Commit(transaction => new StepOutcome(parked.Release(transaction, token.Text) is { } released
            ? $"confirmed {released.MailId}"
            : "ignored: a confirm token that we did not make, has been used, or is too old")),
        _ => throw new InvalidOperationException("The kinds of tokens are closed."),
    };

    private StepPlan.Commit Report(IncomingMail mail, string token)
    {
        var (run, subscription) = bounces.Plan(token, mail.Root, mail.Spooled.ReversePath is null, limits, mail.Spooled.ReceivedAt);
        return new StepPlan.Commit(transaction => new StepOutcome(run(transaction), subscription));
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
