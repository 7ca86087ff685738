using System.Text;

namespace Relay.ExchangeSimulator.Http;

/// <summary>Reads who the caller is. Any password and any token is right: there is nothing here to protect.</summary>
internal static class CallerNames
{
    /// <summary>The account of whoever shows a token: the mailbox must then be named in the request, as in the cloud.</summary>
    public const string Application = "application";

    /// <summary>The user name of Basic authentication, or the one account of all tokens.</summary>
    /// <param name="authorization">The header; null where it is missing.</param>
    /// <param name="scheme">The only scheme that is taken.</param>
    /// <returns>Null when the header is missing, of another scheme, or unreadable.</returns>
    public static string? Read(string? authorization, SimulatorAuth scheme)
    {
        var space = authorization?.IndexOf(' ', StringComparison.Ordinal) ?? -1;
        if (space < 0 || !authorization![..space].Equals(scheme.ToString(), StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var credentials = authorization[space..].Trim();
        return scheme == SimulatorAuth.Bearer ? Application : UserName(credentials);
    }

    /// <summary>RFC 7617 §2: user name and password in UTF-8 around the first colon, in base64.</summary>
    private static string? UserName(string credentials)
    {
        var octets = new byte[credentials.Length];
        if (!Convert.TryFromBase64String(credentials, octets, out var length))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(octets, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 ? text[..colon] : null;
    }
}
