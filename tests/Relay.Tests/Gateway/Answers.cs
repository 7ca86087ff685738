using System.Xml.Linq;
using Relay.TestKit.Mail;
using Relay.Wire.Mime;
using Relay.Wire.Soap;

namespace Relay.Tests.Gateway;

/// <summary>Reads what the gateway mailed.</summary>
internal static class Answers
{
    /// <summary>The envelope, also where other parts follow it.</summary>
    public static XElement Envelope(this RecordedMail mail) =>
        mail.Field("Content-Type")?.StartsWith("multipart/related", StringComparison.Ordinal) == true
            ? SafeXml.Load(Parts(mail)[0].DecodeText(MimeLimits.Default))
            : SafeXml.Load(mail.BodyText);

    public static IReadOnlyList<MimeEntity> Parts(this RecordedMail mail) =>
        Assert.IsType<MimeReadResult.Read>(MimeReader.Read(mail.Content, MimeLimits.Default)).Root.Parts;

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
