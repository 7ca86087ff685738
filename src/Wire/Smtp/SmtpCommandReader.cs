using System.Globalization;
using System.Text;

namespace Relay.Wire.Smtp;

/// <summary>A command line to a command, or to the reply that refuses it (RFC 5321 §4.1.1).</summary>
public static class SmtpCommandReader
{
    /// <summary>Reads one line.</summary>
    /// <param name="line">The line without its CRLF.</param>
    /// <param name="offered">What the server announces: parameters of other extensions are refused.</param>
    public static SmtpCommand Read(ReadOnlySpan<byte> line, SmtpExtensions offered)
    {
        // RFC 5321 §4.1.1: white space before the CRLF is tolerated.
        line = line.TrimEnd(" \t"u8);
        return ReadLine(line, offered) switch
        {
            // RFC 3030 §2: octets follow a chunk's line, and of one that cannot be read nobody knows how many. They are no commands.
            SmtpCommand.Refused refused when IsChunk(line) => refused with { Reply = refused.Reply with { ClosesConnection = true } },
            var command => command,
        };
    }

    /// <summary>Whether a line begins as BDAT does, whatever else is wrong with it.</summary>
    public static bool IsChunk(ReadOnlySpan<byte> line)
    {
        const int length = 4;
        line = line.TrimStart(" \t"u8);
        return line.Length >= length && VerbOf(line[..length]) == SmtpVerb.Bdat;
    }

    /// <summary>The command that a word names; <see cref="SmtpVerb.None"/> where it names none.</summary>
    public static SmtpVerb VerbOf(ReadOnlySpan<byte> word)
    {
        foreach (var (name, verb) in Verbs)
        {
            if (Ascii.EqualsIgnoreCase(word, name))
            {
                return verb;
            }
        }

        return SmtpVerb.None;
    }

    private static SmtpCommand ReadLine(ReadOnlySpan<byte> line, SmtpExtensions offered)
    {
        var space = line.IndexOf((byte)' ');
        var word = space < 0 ? line : line[..space];
        var verb = VerbOf(word);
        if (verb == SmtpVerb.None && ForeignProtocol.IsLine(line))
        {
            return Refuse(verb, SmtpReplies.NotSmtp);
        }

        if (line.IndexOfAnyInRange((byte)0, (byte)31) >= 0 || line.Contains((byte)127))
        {
            return Refuse(SmtpVerb.None, SmtpReplies.Make(500, 5, 5, 2, "control characters in a command"));
        }

        var argument = space < 0 ? "" : Encoding.UTF8.GetString(line[(space + 1)..]);
        return verb switch
        {
            SmtpVerb.Xclient when (offered & SmtpExtensions.Xclient) == 0 => Refuse(SmtpVerb.None, SmtpReplies.UnknownCommand),
            SmtpVerb.Xclient => XclientReader.Read(argument),
            SmtpVerb.None => Refuse(verb, SmtpReplies.UnknownCommand),
            SmtpVerb.Helo or SmtpVerb.Ehlo or SmtpVerb.Lhlo => ReadHello(verb, argument),
            SmtpVerb.Mail => MailCommandReader.ReadMail(argument, offered),
            SmtpVerb.Rcpt => MailCommandReader.ReadRecipient(argument, offered),
            SmtpVerb.Bdat => ReadChunk(argument),
            SmtpVerb.Auth => ReadAuth(argument),
            SmtpVerb.Data or SmtpVerb.Rset or SmtpVerb.Quit or SmtpVerb.StartTls => WithoutArgument(verb, argument),
            SmtpVerb.Vrfy or SmtpVerb.Expn when argument.Length == 0 => Refuse(verb, SmtpReplies.BadArgument("needs a name")),
            _ => new SmtpCommand.Plain(verb),
        };
    }

    private static readonly (string Name, SmtpVerb Verb)[] Verbs =
    [
        ("MAIL", SmtpVerb.Mail), ("RCPT", SmtpVerb.Rcpt), ("DATA", SmtpVerb.Data), ("BDAT", SmtpVerb.Bdat),
        ("EHLO", SmtpVerb.Ehlo), ("HELO", SmtpVerb.Helo), ("LHLO", SmtpVerb.Lhlo), ("RSET", SmtpVerb.Rset),
        ("QUIT", SmtpVerb.Quit), ("NOOP", SmtpVerb.Noop), ("VRFY", SmtpVerb.Vrfy), ("EXPN", SmtpVerb.Expn),
        ("HELP", SmtpVerb.Help), ("AUTH", SmtpVerb.Auth), ("STARTTLS", SmtpVerb.StartTls),
        ("XCLIENT", SmtpVerb.Xclient),
    ];

    private static SmtpCommand ReadHello(SmtpVerb verb, string argument)
    {
        const int maxName = 255;
        var name = argument.Trim(' ');
        // RFC 5321 §4.1.4: a name that does not fit the client is no reason to refuse it; one that could not stand in our Received field is.
        // RFC 6531 §3.7.1: it stays ASCII.
        return name.Length is > 0 and <= maxName && name.All(c => char.IsAsciiLetterOrDigit(c) || "-._:[]".Contains(c, StringComparison.Ordinal))
            ? new SmtpCommand.Hello(verb, name)
            : Refuse(verb, SmtpReplies.BadArgument("needs a domain or an address literal"));
    }

    private static SmtpCommand ReadChunk(string argument)
    {
        var words = argument.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var isLast = words.Length == 2 && words[1].Equals("LAST", StringComparison.OrdinalIgnoreCase);
        // RFC 3030 §2: chunk-size is 1*DIGIT.
        return (words.Length == 1 || isLast) && long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? new SmtpCommand.Chunk(length, isLast)
            : Refuse(SmtpVerb.Bdat, SmtpReplies.BadArgument("needs a number of octets, then LAST or nothing"));
    }

    private static SmtpCommand ReadAuth(string argument)
    {
        var words = argument.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length is 1 or 2
            ? new SmtpCommand.Authenticate(words[0].ToUpperInvariant(), words.Length == 2 ? words[1] : null)
            : Refuse(SmtpVerb.Auth, SmtpReplies.BadArgument("needs a mechanism and at most one response"));
    }

    // RFC 5321 §4.1.1: these commands take no argument. RFC 3207 §4 says the same of STARTTLS.
    private static SmtpCommand WithoutArgument(SmtpVerb verb, string argument) =>
        argument.Trim(' ').Length == 0 ? new SmtpCommand.Plain(verb) : Refuse(verb, SmtpReplies.BadArgument("takes no argument"));

    private static SmtpCommand.Refused Refuse(SmtpVerb verb, SmtpReply reply) => new(verb, reply);
}
