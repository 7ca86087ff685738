using Relay.Access;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;
using Relay.Wire.Soap;

namespace Relay.Intake;

/// <summary>
/// Where an answer goes: wsa:ReplyTo (for a fault wsa:FaultTo first) if the principal may use it, else Reply-To if it may, else From, else
/// MAIL FROM. Cc never. A peer's choice of address is an attack's choice too, so what may not be used is refused.
/// </summary>
internal abstract record AnswerAddress
{
    private AnswerAddress()
    {
    }

    public sealed record To(MailAddress Address) : AnswerAddress;

    /// <summary>The requester wants no answer (WS-Addressing 1.0 Core §2.1).</summary>
    public sealed record Nobody : AnswerAddress;

    /// <summary>Nothing goes to the address asked for; <paramref name="Sender"/> is told.</summary>
    public sealed record Refused(MailAddress Sender, string Sentence) : AnswerAddress;

    public static AnswerAddress Choose(SubscriberEntry entry, MailAddress sender, MailFacts facts, EndpointReference? wanted)
    {
        if (wanted is { IsNone: true })
        {
            return new Nobody();
        }

        if (wanted is { IsAnonymous: false })
        {
            return MailtoUri.TryParse(wanted.Address, out var address)
                ? IfAllowed(entry, sender, address)
                : new Refused(sender, "The address for the answer in the addressing headers is not mailto: with one address.");
        }

        return facts.ReplyTo switch
        {
            [] => new To(sender),
            [var one] => IfAllowed(entry, sender, one.Address),
            _ => new Refused(sender, "Reply-To names several addresses; an answer goes to one."),
        };
    }

    private static AnswerAddress IfAllowed(SubscriberEntry entry, MailAddress sender, MailAddress wanted) =>
        wanted.IsSameMailbox(sender) || entry.MayAnswer(wanted.ToString(), sender.ToString())
            ? new To(wanted)
            : new Refused(sender, $"Answers to {wanted} are not allowed to you.");
}
