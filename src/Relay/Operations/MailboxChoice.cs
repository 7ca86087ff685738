using Relay.Wire.Ews;

namespace Relay.Operations;

/// <summary>
/// The mailbox that a request means: the one named in <c>t:Mailbox</c>, else in <c>t:ExchangeImpersonation</c>, else the entry's
/// default, else the answer address itself if it is a mailbox that the entry allows.
/// </summary>
internal abstract record MailboxChoice
{
    private MailboxChoice()
    {
    }

    public sealed record Chosen(string Mailbox) : MailboxChoice;

    public sealed record Refused(EwsError Error) : MailboxChoice;

    public static MailboxChoice Choose(OperationRequest request, IReadOnlyList<FolderReference> folders)
    {
        var named = folders.OfType<FolderReference.Distinguished>()
            .Select(folder => folder.Mailbox)
            .OfType<string>()
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToList();
        if (named.Count > 1)
        {
            return new Refused(EwsErrors.InvalidSubscriptionRequest);
        }

        string mailbox = named.FirstOrDefault()
            ?? EwsHeaders.ImpersonatedMailbox(request.Envelope.Headers)
            ?? request.Principal.Entry.DefaultMailbox
            ?? request.AnswerTo.ToString();
        return request.Principal.Entry.MayWatch(mailbox) ? new Chosen(mailbox) : new Refused(EwsErrors.AccessDenied);
    }
}
