namespace Relay.Wire.Smtp;

/// <summary>The arguments of MAIL and RCPT: a path, then parameters (RFC 5321 §4.1.2).</summary>
internal static class MailCommandReader
{
    public static SmtpCommand ReadMail(string argument, SmtpExtensions offered)
    {
        if (!TryPath(argument, "FROM:", out var path, out var isNull, out var rest))
        {
            return new SmtpCommand.Refused(SmtpVerb.Mail, SmtpReplies.Syntax("syntax: MAIL FROM:<address>"));
        }

        if (path is null && !isNull)
        {
            return new SmtpCommand.Refused(SmtpVerb.Mail, SmtpReplies.Make(501, 5, 1, 7, "bad sender address"));
        }

        var parameters = new MailParameterReader(offered);
        if (ReadParameters(rest, parameters.Take) is { } refusal)
        {
            return new SmtpCommand.Refused(SmtpVerb.Mail, refusal);
        }

        // RFC 6531 §3.4: without the parameter the reverse-path is ASCII.
        return path is { IsAscii: false } && !parameters.SmtpUtf8
            ? new SmtpCommand.Refused(SmtpVerb.Mail, SmtpReplies.NeedsSmtpUtf8 with { Code = 550 })
            : new SmtpCommand.Mail(parameters.ToRecord(path));
    }

    public static SmtpCommand ReadRecipient(string argument, SmtpExtensions offered)
    {
        if (!TryPath(argument, "TO:", out var path, out _, out var rest))
        {
            return new SmtpCommand.Refused(SmtpVerb.Rcpt, SmtpReplies.Syntax("syntax: RCPT TO:<address>"));
        }

        if (path is null)
        {
            return new SmtpCommand.Refused(SmtpVerb.Rcpt, SmtpReplies.Make(501, 5, 1, 3, "bad recipient address"));
        }

        var parameters = new RecipientParameterReader(offered);
        return ReadParameters(rest, parameters.Take) is { } refusal
            ? new SmtpCommand.Refused(SmtpVerb.Rcpt, refusal)
            : new SmtpCommand.Recipient(parameters.ToRecord(path));
    }

    private static bool TryPath(string argument, string word, out MailAddress? path, out bool isNull, out string rest)
    {
        path = null;
        isNull = false;
        rest = "";
        if (!argument.StartsWith(word, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        // Departs from RFC 5321 §3.3: a blank behind the colon is taken, as many programs write one.
        var text = argument.AsSpan(word.Length).TrimStart(' ');
        var end = EndOfPath(text);
        if (end < 0)
        {
            return false;
        }

        var inside = text[1..end];
        isNull = inside.IsEmpty;
        // RFC 5321 §4.5.3.1.3: a path has 256 octets with its brackets; its parts are limited where they are read.
        _ = MailAddress.TryParse(WithoutSourceRoute(inside), out path);
        rest = text[(end + 1)..].ToString();
        return true;
    }

    /// <summary>Where the closing bracket stands; a quoted local part may hold another.</summary>
    private static int EndOfPath(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith("<"))
        {
            return -1;
        }

        var quoted = false;
        for (var i = 1; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"':
                    quoted = !quoted;
                    break;
                case '\\' when quoted:
                    i++;
                    break;
                case '>' when !quoted:
                    return i;
                default:
                    break;
            }
        }

        return -1;
    }

    /// <summary>RFC 5321 §4.1.1.3: a source route is accepted and ignored.</summary>
    private static ReadOnlySpan<char> WithoutSourceRoute(ReadOnlySpan<char> path)
    {
        var rest = path;
        while (rest.StartsWith("@"))
        {
            var length = MailAddressReader.TakeDomain(rest[1..]);
            if (length == 0 || rest.Length <= length + 1)
            {
                return path;
            }

            var separator = rest[length + 1];
            rest = rest[(length + 2)..];
            if (separator == ':')
            {
                return rest;
            }

            if (separator != ',')
            {
                return path;
            }
        }

        return path;
    }

    /// <summary>Cuts <c>KEYWORD[=VALUE]</c> words and hands each over; the reply is the first refusal (RFC 5321 §4.1.2).</summary>
    private static SmtpReply? ReadParameters(string rest, Func<string, string?, SmtpReply?> take)
    {
        if (rest.Length > 0 && rest[0] != ' ')
        {
            return SmtpReplies.Syntax("text behind the address");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in rest.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var keyword = (equals < 0 ? word : word[..equals]).ToUpperInvariant();
            if (!seen.Add(keyword))
            {
                return SmtpReplies.BadArgument($"parameter {keyword} given twice");
            }

            if (take(keyword, equals < 0 ? null : word[(equals + 1)..]) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }
}
