using System.Globalization;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>HELO, EHLO and LHLO (RFC 5321 §4.1.1.1).</summary>
internal static class HelloCommand
{
    private static readonly (SmtpExtensions Extension, string Keyword)[] Keywords =
    [
        (SmtpExtensions.Pipelining, "PIPELINING"),
        (SmtpExtensions.Size, "SIZE"),
        (SmtpExtensions.EightBitMime, "8BITMIME"),
        (SmtpExtensions.SmtpUtf8, "SMTPUTF8"),
        (SmtpExtensions.EnhancedStatusCodes, "ENHANCEDSTATUSCODES"),
        (SmtpExtensions.Chunking, "CHUNKING"),
        (SmtpExtensions.Dsn, "DSN"),
        (SmtpExtensions.StartTls, "STARTTLS"),
        (SmtpExtensions.Auth, "AUTH"),
        (SmtpExtensions.Xclient, "XCLIENT"),
    ];

    /// <summary>Greets; a mail under way is forgotten, as by RSET (RFC 5321 §4.1.4).</summary>
    public static async ValueTask<SmtpReply> ExecuteAsync(SessionContext session, SmtpCommand.Hello hello)
    {
        // RFC 2033 §4.1: LHLO takes the place of HELO and EHLO, and stands in no SMTP session.
        var isLmtp = session.Listener.Protocol == SmtpProtocol.Lmtp;
        if (isLmtp != (hello.Verb == SmtpVerb.Lhlo))
        {
            return SmtpReplies.Make(500, 5, 5, 1, isLmtp ? "this is LMTP, say LHLO" : "this is SMTP, say EHLO");
        }

        session.State.HasAccounts = await session.FindAccountsAsync();
        await session.State.GreetAsync(hello.Name, isExtended: hello.Verb != SmtpVerb.Helo);
        return new SmtpReply(250, null, session.State.IsExtended ? Announce(session) : session.Options.HostName);
    }

    private static string Announce(SessionContext session)
    {
        var lines = new List<string> { session.Options.HostName };
        foreach (var (extension, keyword) in Keywords)
        {
            if ((session.Offered & extension) != 0)
            {
                lines.Add(extension switch
                {
                    SmtpExtensions.Size => string.Create(CultureInfo.InvariantCulture, $"{keyword} {session.Options.MaxMessageBytes}"),
                    SmtpExtensions.Auth => $"{keyword} {string.Join(' ', AuthCommand.Mechanisms)}",
                    SmtpExtensions.Xclient => $"{keyword} {XclientCommand.Attributes}",
                    _ => keyword,
                });
            }
        }

        return string.Join('\n', lines);
    }
}
