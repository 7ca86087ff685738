using Relay.Wire.Ews;
using Relay.Wire.Smtp;

namespace Relay.Operations;

/// <summary>
/// Where a push subscription's notifications go: the <c>mailto:</c> of <c>t:URL</c>, or the answer address when that is empty. Anything
/// but one plain address is refused; http above all, since a mail must not make the relay call hosts.
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

        // RFC 6068 §2 allows header fields behind a question mark: they could add recipients, so only the address is taken.
        if (!url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            || !MailAddress.TryParse(Uri.UnescapeDataString(url[Scheme.Length..]), out var address))
        {
            return new Refused(EwsErrors.InvalidPushSubscriptionUrl);
        }

        return request.Principal.Entry.MayAnswer(address.ToString(), request.Principal.Address) || address.IsSameMailbox(request.AnswerTo)
            ? new Chosen(address)
            : new Refused(EwsErrors.AccessDenied);
    }
}
