using System.Text;

namespace Relay.ExchangeSimulator.Http;

/// <summary>Reads the user name of Basic authentication. Any password is right: there is nothing here to protect.</summary>
internal static class BasicCredentials
{
    /// <summary>The user name; null when the header is missing or of another scheme.</summary>
    public static string? UserName(string? authorization)
    {
        const string Scheme = "Basic ";
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var octets = new byte[authorization.Length];
        if (!Convert.TryFromBase64String(authorization[Scheme.Length..].Trim(), octets, out var length))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(octets, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 ? text[..colon] : null;
    }
}
