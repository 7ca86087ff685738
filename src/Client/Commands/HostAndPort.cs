using System.CommandLine.Parsing;
using System.Globalization;

namespace Relay.Client.Commands;

/// <summary>A server as it is written on a command line.</summary>
internal sealed record HostAndPort(string Host, int Port)
{
    /// <summary>Reads <c>name:port</c>, <c>192.0.2.1:port</c> or <c>[2001:db8::1]:port</c>.</summary>
    public static HostAndPort? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        int colon = text.LastIndexOf(':');
        ReadOnlySpan<char> digits = text.AsSpan(colon + 1);
        if (colon > 0 && ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0)
        {
            return new HostAndPort(text[..colon].Trim('[', ']'), port);
        }
        result.AddError($"'{text}' is no server: write HOST:PORT, for example 127.0.0.1:8023.");
        return null;
    }

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
