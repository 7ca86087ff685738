using System.Diagnostics.CodeAnalysis;

namespace Relay.Smtp.Authentication;

/// <summary>The attributes of one SCRAM message, <c>a=value</c> with commas between (RFC 5802 §5.1).</summary>
internal static class ScramAttributes
{
    /// <summary>Finds the value of an attribute.</summary>
    public static bool TryGet(string message, char name, [NotNullWhen(true)] out string? value)
    {
        value = message.Split(',').FirstOrDefault(part => part.Length > 1 && part[0] == name && part[1] == '=')?[2..];
        return value is not null;
    }

    /// <summary>RFC 5802 §5.1: a comma or an equals sign in a name.</summary>
    public static string Escape(string name) => name.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal);

    /// <summary>False on an equals sign that escapes nothing.</summary>
    public static bool TryUnescape(string text, out string name)
    {
        name = text.Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "\0", StringComparison.Ordinal);
        var isWhole = !name.Contains('=', StringComparison.Ordinal);
        name = name.Replace('\0', '=');
        return isWhole;
    }
}
