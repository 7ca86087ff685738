using System.Xml.Linq;
using Relay.TestKit.Mail;
using Relay.Wire.Mime;
using Relay.Wire.Soap;

namespace Relay.Tests.Gateway;

/// <summary>Reads what the gateway mailed.</summary>
internal static class Answers
{
    public static XElement Envelope(this RecordedMail mail) => SafeXml.Load(mail.BodyText);

    public static XElement Operation(this RecordedMail mail) =>
        mail.Envelope().Elements().Single(child => child.Name.LocalName == "Body").Elements().Single();

    public static string? Value(this RecordedMail mail, string localName) =>
        mail.Envelope().Descendants().FirstOrDefault(e => e.Name.LocalName == localName)?.Value;

    public static IReadOnlyList<XElement> Events(this RecordedMail mail) =>
        [.. mail.Envelope().Descendants().Where(e => e.Name.LocalName == "Notification").Elements().Where(e => e.Name.LocalName.EndsWith("Event", StringComparison.Ordinal))];

    /// <summary>The text of all parts, of a mail that is more than its envelope.</summary>
    public static string AllText(this RecordedMail mail) => string.Join(
        '\n', Leaves(Assert.IsType<MimeReadResult.Read>(MimeReader.Read(mail.Content, MimeLimits.Default)).Root).Select(part => part.DecodeText(MimeLimits.Default)));

    private static IEnumerable<MimeEntity> Leaves(MimeEntity entity) => entity.Parts.Count > 0 ? entity.Parts.SelectMany(Leaves) : [entity];
}
