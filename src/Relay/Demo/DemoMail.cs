using System.Xml.Linq;
using Relay.Wire.Ews;
using Relay.Wire.Mime;
using Relay.Wire.Soap;

namespace Relay.Demo;

/// <summary>A mail as the demo tells it.</summary>
internal sealed record DemoMail(string From, string To, string Subject, string? Id, string? Answers, XElement Body)
{
    /// <summary>The events in it, if it is a notification.</summary>
    public IReadOnlyList<XElement> Events =>
        [.. Body.Descendants(EwsNames.Messages + "Notification").Elements().Where(e => e.Name.LocalName.EndsWith("Event", StringComparison.Ordinal))];

    /// <exception cref="InvalidDataException">It is no SOAP mail, which in the demo nothing else sends.</exception>
    public static DemoMail Read(byte[] octets)
    {
        if (MimeReader.Read(octets, MimeLimits.Default) is not MimeReadResult.Read { Root: var root }
            || MailBinding.Read(root, MimeLimits.Default) is not SoapMailReadResult.Found { Request: var request }
            || SoapReader.Read(request.EnvelopeOctets, request.Charset, SoapLimits.Default) is not SoapReadResult.Read { Envelope.Body: { } body })
        {
            throw new InvalidDataException("A mail came that holds no SOAP.");
        }

        return new DemoMail(
            request.From?.Address.ToString() ?? "nobody",
            root.Headers.Text("To") ?? "nobody",
            root.Headers.Text("Subject") ?? "",
            MessageId.RawOf(root.Headers),
            MessageId.RawOf(root.Headers, "In-Reply-To"),
            body);
    }
}
