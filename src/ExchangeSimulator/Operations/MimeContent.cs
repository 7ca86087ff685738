using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.Wire.Ews;
using Relay.Wire.Mime;

namespace Relay.ExchangeSimulator.Operations;

/// <summary>An item as a mail, with the fields that programs look at.</summary>
internal static class MimeContent
{
    private static readonly XNamespace T = EwsNames.Types;

    public static XElement Of(SimulatedItem item) =>
        new(T + "MimeContent", new XAttribute("CharacterSet", "UTF-8"), Convert.ToBase64String(Octets(item)));

    /// <summary>The body as it stands: characters beyond ASCII make it 8bit.</summary>
    public static byte[] Octets(SimulatedItem item)
    {
        using var writer = new MimeWriter();
        writer.Field("From", item.Content.Element(T + "From")?.Descendants(T + "EmailAddress").FirstOrDefault()?.Value ?? item.Folder.Mailbox.Address);
        writer.Field("To", string.Join(", ", ItemShape.AddressesOf(item.Content, "ToRecipients")));
        writer.Field("Subject", EncodedWord.Encode(item.Text("Subject") ?? ""));
        if (DateTimeOffset.TryParse(item.Text("DateTimeReceived"), CultureInfo.InvariantCulture, out var received))
        {
            writer.Field("Date", MailDate.Format(received));
        }

        writer.Field("Message-ID", item.Text("InternetMessageId") ?? "<none@simulator.example>");
        writer.Field("Content-Type", "text/plain; charset=utf-8");
        writer.EmptyLine();
        writer.Append(Encoding.UTF8.GetBytes((item.Text("Body") ?? "").ReplaceLineEndings("\r\n") + "\r\n"));
        return writer.ToArray();
    }
}
