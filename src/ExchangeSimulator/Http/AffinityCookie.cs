using Microsoft.AspNetCore.Http;

namespace Relay.ExchangeSimulator.Http;

/// <summary>
/// Affinity as since Exchange 2013: whoever prefers it gets a cookie with the first answer and sends it back ever after. A request that
/// lost it reaches another server, which does not know the subscription although it lives.
/// </summary>
/// <param name="isRequired">Whether losing the cookie has that effect.</param>
internal sealed class AffinityCookie(bool isRequired)
{
    private const string Name = "X-BackEndOverrideCookie";

    /// <summary>Gives the cookie; over plain http it is not marked secure, as a real one is, or clients would not send it back.</summary>
    public static void Offer(HttpContext http)
    {
        if (http.Request.Headers["X-PreferServerAffinity"] is [{ } preferred]
            && preferred.Equals("true", StringComparison.OrdinalIgnoreCase)
            && !IsKept(http))
        {
            http.Response.Headers.Append("Set-Cookie", $"{Name}=simulator~1; path=/; {(http.Request.IsHttps ? "secure; " : "")}HttpOnly");
        }
    }

    /// <summary>Whether subscriptions are out of reach for this request.</summary>
    public bool IsLost(HttpContext http) => isRequired && !IsKept(http);

    /// <summary>exchangelib sends the cookie as a header too.</summary>
    private static bool IsKept(HttpContext http) => http.Request.Cookies.ContainsKey(Name) || http.Request.Headers.ContainsKey(Name);
}
