using Relay.Access;
using Relay.Store;
using Relay.Wire.Smtp;

namespace Relay.Intake;

/// <summary>
/// What is told about the services: the help text for whoever writes to help@, or to a service without any XML; the WSDL for whoever writes
/// to wsdl@. Whatever the mail holds; but only clients that we know are told, since a From alone proves nothing.
/// </summary>
internal sealed class InformationMails(
    AnswerComposer composer, HelpTexts help, ServiceDescription description, SenderAllowance allowance)
{
    private const int HelpsAnHour = 1;

    // Read again whenever asked for, as other requests that only read; still two robots must not send each other mail without end.
    private const int DescriptionsAnHour = 20;

    /// <summary>The answer of help@ and wsdl@; null for services that have operations.</summary>
    public StepPlan? Plan(IncomingMail mail, ServiceAddress service, MailAddress asker, Identity? identity)
    {
        if (service.Kind is not (ServiceKind.Help or ServiceKind.Wsdl))
        {
            return null;
        }

        if (identity is null)
        {
            return StepPlan.Nothing("denied: nothing proves its sender, so nobody is told"); // RFC 3834 §2: no mail to an address that may be forged
        }

        return service.Kind == ServiceKind.Help
            ? Help(mail, service, asker, identity.Principal)
            : Describe(mail, service, asker, identity.Principal);
    }

    public StepPlan Help(IncomingMail mail, ServiceAddress service, MailAddress asker, Principal? principal) =>
        allowance.Grants(service, asker, mail.Spooled.Id, HelpsAnHour)
            ? Send(composer.ComposeText(Frame(mail, service, asker, principal), help.TextFor(service, asker, principal?.Entry)), "help sent")
            : StepPlan.Nothing("help was sent within the hour");

    private StepPlan Describe(IncomingMail mail, ServiceAddress service, MailAddress asker, Principal? principal) =>
        allowance.Grants(service, asker, mail.Spooled.Id, DescriptionsAnHour)
            ? Send(
                composer.ComposeDocument(
                    Frame(mail, service, asker, principal), help.TextWithDescription(service), description.Write(service.Address), "relay.wsdl"),
                "WSDL sent")
            : StepPlan.Nothing($"the WSDL was sent {DescriptionsAnHour} times within the hour");

    private static AnswerFrame Frame(IncomingMail mail, ServiceAddress service, MailAddress asker, Principal? principal)
    {
        var to = principal is not null && AnswerAddress.Choose(principal.Entry, asker, mail.Facts, wanted: null) is AnswerAddress.To chosen
            ? chosen.Address
            : asker;
        return AnswerFrame.Of(mail, new RequestReading.NoXml(mail.Facts), service, to);
    }

    private static StepPlan.Commit Send(NewOutboxMail mail, string outcome) => new(transaction =>
    {
        transaction.Outbox.Add(mail);
        return new StepOutcome(outcome, LedTo: mail.MessageId);
    });
}
