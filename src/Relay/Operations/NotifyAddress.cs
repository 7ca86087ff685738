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
    private const EwsEventTypes ArrivalEvents = EwsEventTypes.NewMail | EwsEventTypes.Created | EwsEventTypes.Modified;

    private NotifyAddress()
    {
    }

    public sealed record Chosen(MailAddress Address) : NotifyAddress;

    public sealed record Refused(EwsError Error) : NotifyAddress;

    public static NotifyAddress Choose(OperationRequest request, SubscribeRequest ews, string mailbox) => Choose(request, ews) switch
    {
        // Each notification would be a new mail in the mailbox watched, and so make the next one.
        Chosen chosen when ews.Kind == SubscriptionKind.Push
            && (ews.EventTypes & ArrivalEvents) != 0
            && chosen.Address.ToString().Equals(mailbox, StringComparison.OrdinalIgnoreCase) =>
            new Refused(EwsErrors.InvalidPushSubscriptionUrl with
            {
                MessageText = "URL specified for push subscription is invalid. It is the mailbox to be watched, which would be notified of its notifications.",
            }),
        var choice => choice,
    };

    private static NotifyAddress Choose(OperationRequest request, SubscribeRequest ews)
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

        return request.Principal.Entry.MayUse(address.ToString()) || address.IsSameMailbox(request.AnswerTo)
            ? new Chosen(address)
            : new Refused(EwsErrors.AccessDenied);
    }
}
