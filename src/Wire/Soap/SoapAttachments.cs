using Relay.Wire.Mime;

namespace Relay.Wire.Soap;

/// <summary>Finds the parts that an envelope refers to.</summary>
public static class SoapAttachments
{
    /// <summary>The part that a <c>cid:</c> URL names (RFC 2392 §2); null when there is none, or when the URL is of another kind.</summary>
    // Nothing but cid: is followed: any other URL would have us fetch what a stranger names.
    public static MimeEntity? Find(string url, IReadOnlyList<MimeEntity> attachments)
    {
        if (!url.StartsWith("cid:", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var id = Uri.UnescapeDataString(url["cid:".Length..]);
        return attachments.FirstOrDefault(part => part.ContentId == id);
    }
}
