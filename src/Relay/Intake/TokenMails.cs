using Relay.Access;
using Relay.Store;
using Relay.Subscriptions;

namespace Relay.Intake;

/// <summary>
/// Mail to the addresses that we made for one subscription: <c>unsubscribe+TOKEN</c> ends it, which the token alone permits since only its
/// subscriber has it; <c>bounce+TOKEN</c> takes what mail servers report. Neither is answered.
/// </summary>
internal sealed class TokenMails(SubscriptionTokens tokens)
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
            _ => throw new InvalidOperationException("The kinds of tokens are closed."),
        };
    }

    private static StepOutcome End(IStoreTransaction transaction, long id, DateTimeOffset now)
    {
        bool ended = transaction.Subscriptions.End(id, "unsubscribed by mail to its List-Unsubscribe address", now);
        transaction.Outbox.DropOfSubscription(id);
        return new StepOutcome(ended ? $"unsubscribed {id}" : $"ignored: subscription {id} had ended", id);
    }
}
