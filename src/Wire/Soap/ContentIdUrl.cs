namespace Relay.Wire.Soap;

/// <summary>The URL with which an envelope refers to a part beside it (RFC 2392 §2).</summary>
internal static class ContentIdUrl
{
    /// <summary>The Content-ID that a URL names; null for any but <c>cid:</c>, which would have us fetch what a stranger names.</summary>
    public static string? IdOf(string url) =>
        url.StartsWith("cid:", StringComparison.OrdinalIgnoreCase) ? Uri.UnescapeDataString(url["cid:".Length..]) : null;
}
