using Relay.Access;
using Relay.Bounces;
using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Mime;

namespace Relay.Intake;

/// <summary>
/// Mail to the addresses that we made for one subscription: <c>unsubscribe+TOKEN</c> ends it, which the token alone permits since only its
/// subscriber has it; <c>bounce+TOKEN</c> takes what mail servers report (<see cref="BounceMails"/>). Neither is answered.
/// </summary>
internal sealed class TokenMails(SubscriptionTokens tokens, BounceMails bounces, MimeLimits limits)
{
    public StepPlan Plan(IncomingMail mail, KnownRecipient.Token token) => token.Kind switch
    {
        TokenKind.Bounce => Report(mail, token.Text),
        TokenKind.Unsubscribe => tokens.Read(token.Text, "unsubscribe") is { } id
            ? new StepPlan.Commit(transaction => End(transaction, id, mail.Spooled.ReceivedAt))
            : StepPlan.Nothing("ignored: an unsubscribe token that we did not make"),
        _ => throw new InvalidOperationException("The kinds of tokens are closed."),
    };

    private StepPlan.Commit Report(IncomingMail mail, string token)
    {
        var (run, subscription) = bounces.Plan(token, mail.Root, mail.Spooled.ReversePath is null, limits, mail.Spooled.ReceivedAt);
        return new StepPlan.Commit(transaction => new StepOutcome(run(transaction), subscription));
    }

    private static StepOutcome End(IStoreTransaction transaction, long id, DateTimeOffset now)
    {
        bool ended = transaction.Subscriptions.End(id, "unsubscribed by mail to its List-Unsubscribe address", now);
        transaction.Outbox.DropOfSubscription(id);
        return new StepOutcome(ended ? $"unsubscribed {id}" : $"ignored: subscription {id} had ended", id);
    }
}
