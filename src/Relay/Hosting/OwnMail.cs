using Relay.Exchange;
using Relay.Subscriptions;

namespace Relay.Hosting;

/// <summary>Lets the Exchange side know the mails of the other folders, which it does not use.</summary>
internal sealed class OwnMail(OwnMessageIds ids) : IOwnMail
{
    public bool IsOurs(string messageId) => ids.Names(messageId);
}
