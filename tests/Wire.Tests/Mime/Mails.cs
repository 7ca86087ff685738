using System.Text;
using Relay.Wire.Mime;

namespace Relay.Wire.Tests.Mime;

/// <summary>Mails written in tests with LF become mails with CRLF; characters are octets (Latin-1).</summary>
internal static class Mails
{
    public static byte[] Octets(string mail) => Encoding.Latin1.GetBytes(mail.ReplaceLineEndings("\r\n"));

    public static MimeEntity Read(string mail) => Read(Octets(mail));

    public static MimeEntity Read(byte[] mail) => MimeReader.Read(mail, MimeLimits.Default) switch
    {
        MimeReadResult.Read(var root) => root,
        MimeReadResult.Refused(var fault, _) => throw new InvalidOperationException(fault.Sentence),
        _ => throw new InvalidOperationException(),
    };

    public static MimeFaultKind Fault(string mail, MimeLimits? limits = null) =>
        Assert.IsType<MimeReadResult.Refused>(MimeReader.Read(Octets(mail), limits ?? MimeLimits.Default)).Fault.Kind;

    public static string Body(MimeEntity entity) =>
        Encoding.Latin1.GetString(Assert.IsType<MimeDecodeResult.Decoded>(entity.Decode(MimeLimits.Default)).Octets.Span);
}
