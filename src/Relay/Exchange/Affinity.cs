using System.Net.Http.Headers;

namespace Relay.Exchange;

/// <summary>
/// Keeps the requests of one group of mailboxes on the server that holds their subscriptions (Exchange 2013 and later): an anchor mailbox
/// routes them until the first answer names a server in a cookie, which is then sent with every request.
/// </summary>
/// <param name="anchor">An SMTP address of the group; the same one for as long as Exchange takes it.</param>
internal sealed class Affinity(string? anchor)
{
    private const string CookieName = "X-BackEndOverrideCookie";

    private volatile string? _anchor = anchor;
    private volatile string? _server;

    /// <summary>The mailbox that routes, and that a request for the whole group acts for.</summary>
    internal string? Anchor => _anchor;

    internal void Apply(HttpRequestHeaders headers)
    {
        if (_anchor is not { } mailbox)
        {
            return;
        }

        headers.TryAddWithoutValidation("X-AnchorMailbox", mailbox);
        headers.TryAddWithoutValidation("X-PreferServerAffinity", "true");
        if (_server is { } server)
        {
            // As a header too: other EWS clients send both, and a proxy may strip either.
            headers.TryAddWithoutValidation("Cookie", $"{CookieName}={server}");
            headers.TryAddWithoutValidation(CookieName, server);
        }
    }

    /// <summary>Remembers the server that an answer names. Later answers do not repeat it.</summary>
    internal void Learn(HttpResponseHeaders headers)
    {
        if (!headers.TryGetValues("Set-Cookie", out IEnumerable<string>? cookies))
        {
            return;
        }

        foreach (string cookie in cookies)
        {
            string pair = cookie.Split(';', 2)[0].Trim();
            if (pair.StartsWith(CookieName + "=", StringComparison.OrdinalIgnoreCase))
            {
                _server = pair[(CookieName.Length + 1)..];
            }
        }
    }

    /// <summary>The named server no longer holds the group: the anchor routes anew.</summary>
    internal void Forget() => _server = null;

    /// <summary>Another mailbox of the group takes the anchor's place. The server stays, as it holds the subscriptions.</summary>
    internal void MoveTo(string mailbox) => _anchor = mailbox;
}
