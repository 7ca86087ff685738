using System.Globalization;
using System.Net;

namespace Relay.Wire.Smtp;

/// <summary>The attributes of one XCLIENT command; values are xtext.</summary>
internal static class XclientReader
{
    private const int MaxName = 255;

    public static SmtpCommand Read(string argument)
    {
        var attributes = new XclientAttributes();
        var words = argument.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var word in words)
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || !Xtext.TryDecode(word.AsSpan(equals + 1), out var value)
                || Take(attributes, word[..equals].ToUpperInvariant(), Available(value)) is not { } taken)
            {
                return Refuse();
            }

            attributes = taken;
        }

        return words.Length == 0 ? Refuse() : new SmtpCommand.Xclient(attributes);
    }

    private static XclientAttributes? Take(XclientAttributes attributes, string name, string? value) => name switch
    {
        "NAME" => IsName(value) ? attributes with { Name = value } : null,
        "ADDR" => value is null ? attributes with { Address = IPAddress.None } // nobody's, and above all not the proxy's own
            : TryAddress(value, out var address) ? attributes with { Address = address } : null,
        "PORT" => value is null ? attributes
            : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535 ? attributes with { Port = port } : null,
        "HELO" => IsName(value) ? attributes with { Hello = value } : null,
        "PROTO" => value?.ToUpperInvariant() switch
        {
            "ESMTP" => attributes with { IsExtended = true },
            "SMTP" => attributes with { IsExtended = false },
            _ => null,
        },
        "LOGIN" => value is { Length: 0 or > MaxName } ? null : attributes with { Login = value, SaysLogin = true },
        _ => null,
    };

    // [TEMPUNAVAIL] is a look-up that failed this time; to us, who look nothing up, it is the same.
    private static string? Available(string value) =>
        value.Equals("[UNAVAILABLE]", StringComparison.OrdinalIgnoreCase) || value.Equals("[TEMPUNAVAIL]", StringComparison.OrdinalIgnoreCase) ? null : value;

    private static bool IsName(string? value) =>
        value is null || (value.Length is > 0 and <= MaxName && value.All(c => char.IsAsciiLetterOrDigit(c) || "-._:[]".Contains(c, StringComparison.Ordinal)));

    private static bool TryAddress(string value, out IPAddress? address)
    {
        const string prefix = "IPV6:";
        var text = value.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? value[prefix.Length..] : value;
        // IPAddress reads numbers without dots as addresses too.
        return IPAddress.TryParse(text, out address) && text.AsSpan().ContainsAny('.', ':');
    }

    private static SmtpCommand.Refused Refuse() => new(SmtpVerb.Xclient, SmtpReplies.BadArgument("needs NAME, ADDR, PORT, PROTO, HELO or LOGIN with their values"));
}
