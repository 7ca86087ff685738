using Relay.Wire.Mime;

namespace Relay.Wire.Soap;

/// <summary>Finds the parts that an envelope refers to.</summary>
public static class SoapAttachments
{
    /// <summary>The part that a <c>cid:</c> URL names (RFC 2392 §2); null when there is none, or when the URL is of another kind.</summary>
    public static MimeEntity? Find(string url, IReadOnlyList<MimeEntity> attachments) =>
        IdOf(url) is { } id ? attachments.FirstOrDefault(part => part.ContentId == id) : null;

    /// <summary>The Content-ID that a URL names; null for any but <c>cid:</c>, which would have us fetch what a stranger names.</summary>
    internal static string? IdOf(string url) =>
        url.StartsWith("cid:", StringComparison.OrdinalIgnoreCase) ? Uri.UnescapeDataString(url["cid:".Length..]) : null;
}
