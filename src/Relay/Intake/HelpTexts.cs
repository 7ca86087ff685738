using Relay.Access;
using Relay.Operations;
using Relay.Wire.Smtp;

namespace Relay.Intake;

/// <summary>What a person who writes to us is told: which services there are and how a request looks.</summary>
internal sealed class HelpTexts(RecipientDirectory directory, OperationCatalog catalog, HelpSamples samples)
{
    /// <param name="service">Where the person wrote to; help@ tells of all services of its domain.</param>
    /// <param name="asker">The person, filled in where a sample needs an address.</param>
    /// <param name="entry">What the person may do, as far as it is known.</param>
    public string TextFor(ServiceAddress service, MailAddress asker, SubscriberEntry? entry)
    {
        var others = directory.ServicesNear(service.Address.Domain);
        var described = service.Kind == ServiceKind.Help ? others.Where(HasOperations).ToList() : [service];
        string wsdl = others.FirstOrDefault(other => other.Kind == ServiceKind.Wsdl) is { } description
            ? $"The WSDL of the services comes back for any mail to {description.Address}.\n"
            : "";
        string text =
            $"""
            {service.Address} is a program. {Reason(service)}

            A request is a SOAP 1.1 or 1.2 envelope in one part of a mail: the whole text, or an attached file. The first child of its
            body names the operation. The answer comes as a mail whose In-Reply-To is the Message-ID of the request.

            {string.Join("\n", described.Select(other => $"{other.Address} knows {string.Join(", ", catalog.NamesOf(other.Kind))}."))}
            {wsdl}
            {string.Join("\n", described.Select(other => samples.For(other, asker, entry)))}
            In Python, with one of these texts in request.xml:

              import smtplib
              from email.mime.text import MIMEText
              mail = MIMEText(open('request.xml').read(), 'xml')
              mail['From'], mail['To'], mail['Message-ID'] = 'you@example.org', '{described.FirstOrDefault(service).Address}', '<1@example.org>'
              smtplib.SMTP('the.relay.example', 25).send_message(mail)

            """;
        return text.ReplaceLineEndings("\r\n");
    }

    /// <summary>What stands above the attached WSDL.</summary>
    public string TextWithDescription(ServiceAddress service) =>
        $"""
        {service.Address} is a program. Attached is the WSDL 1.1 of the services that answer mail here:
        {string.Join("\n", directory.ServicesNear(service.Address.Domain).Where(HasOperations)
            .Select(other => $"{other.Address} knows {string.Join(", ", catalog.NamesOf(other.Kind))}."))}

        Requests may be SOAP 1.1 or 1.2; the answer comes in the version of the request, as a mail whose In-Reply-To is the Message-ID
        of the request.

        """.ReplaceLineEndings("\r\n");

    private static bool HasOperations(ServiceAddress service) => service.Kind is not (ServiceKind.Help or ServiceKind.Wsdl);

    private static string Reason(ServiceAddress service) => service.Kind == ServiceKind.Help
        ? "It tells how to use the services here, which answer SOAP requests that come as mail."
        : "It answers SOAP requests that come as mail, and your mail held none.";
}
