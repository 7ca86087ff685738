using Relay.Wire.Ews;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;

namespace Relay.Operations;

/// <summary>
/// Where a push subscription's notifications go: the <c>mailto:</c> of <c>t:URL</c>, or the answer address when that is empty. Anything
/// but one address with a domain is refused; http above all, since a mail must not make the relay call hosts.
/// </summary>
internal abstract record NotifyAddress
{
    private const string Scheme = "mailto:";

    private NotifyAddress()
    {
    }

    public sealed record Chosen(MailAddress Address) : NotifyAddress;

    public sealed record Refused(EwsError Error) : NotifyAddress;

    public static NotifyAddress Choose(OperationRequest request, SubscribeRequest ews)
    {
        string url = ews.Url?.Trim() ?? "";
        if (ews.Kind != SubscriptionKind.Push || url.Length == 0 || url.Equals(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return new Chosen(request.AnswerTo);
        }

        if (!MailtoUri.TryParse(url, out var address))
        {
            return new Refused(EwsErrors.InvalidPushSubscriptionUrl);
        }

        return request.Principal.Entry.MayAnswer(address.ToString(), request.Principal.Address) || address.IsSameMailbox(request.AnswerTo)
            ? new Chosen(address)
            : new Refused(EwsErrors.AccessDenied);
    }
}
