using Relay.Access;
using Relay.Store;
using Relay.Subscriptions;

namespace Relay.Operations;

/// <summary>Requests that wait for a confirmation: from the token to the request, and from there back into the spool, as proven.</summary>
internal sealed class ParkedRequests(SubscriptionTokens tokens, ConfirmationOptions options, TimeProvider time)
{
    /// <summary>What tokens for confirmations are made for; also the first part of the address to reply to.</summary>
    public const string Purpose = "confirm";

    public string TokenOf(long id) => tokens.Create(id, Purpose);

    /// <summary>The request that the token is for, if it still waits.</summary>
    public ParkedRequest? Find(IStoreTransaction transaction, string token) =>
        tokens.Read(token, Purpose) is { } id ? transaction.Confirmations.Find(id, time.GetUtcNow() - options.ValidFor) : null;

    /// <summary>Puts the request back into the spool, confirmed. Null when the token is forged, used or too old.</summary>
    public ParkedRequest? Release(IStoreTransaction transaction, string token)
    {
        if (tokens.Read(token, Purpose) is not { } id || Find(transaction, token) is not { } request || !transaction.Confirmations.Settle(id))
        {
            return null;
        }

        transaction.Spool.Add(new NewSpooledMail(
            time.GetUtcNow(),
            request.MailId,
            request.ReversePath,
            [request.Service],
            new MailOrigin(MailOrigin.Confirmed, request.ClientAddress, null, false, null),
            new MailContent.Inline(request.Octets)));
        return request;
    }
}
