using Relay.Access;
using Relay.Store;
using Relay.Wire.Smtp;

namespace Relay.Intake;

/// <summary>One whom a mail was accepted for.</summary>
/// <param name="Address">As RCPT named it.</param>
/// <param name="Known">What it stands for; null where the settings have changed since and it is nobody's any more.</param>
/// <param name="Wishes">What its sender wants to be told.</param>
internal sealed record MailRecipient(MailAddress Address, KnownRecipient? Known, RecipientWishes Wishes)
{
    /// <summary>Every recipient of a mail, in its order.</summary>
    public static IReadOnlyList<MailRecipient> AllOf(SpooledMail mail, RecipientDirectory directory)
    {
        var recipients = new List<MailRecipient>();
        for (int i = 0; i < mail.Recipients.Count; i++)
        {
            if (MailAddress.TryParse(mail.Recipients[i], out var address))
            {
                directory.TryFind(address, out var known);
                recipients.Add(new MailRecipient(address, known, mail.Wishes?.Recipients.ElementAtOrDefault(i) ?? RecipientWishes.None));
            }
        }

        return recipients;
    }
}
