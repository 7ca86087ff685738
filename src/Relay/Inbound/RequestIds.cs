using Relay.Wire.Mime;

namespace Relay.Inbound;

/// <summary>Which id of a request its answer refers to.</summary>
internal static class RequestIds
{
    /// <summary>
    /// X-Message-ID if there is one, since mail libraries and relays replace Message-ID; else Message-ID; as written, or null.
    /// </summary>
    public static string? AnsweredId(ReadOnlySpan<byte> header)
    {
        var fields = MimeReader.ReadHeader(header, MimeLimits.Default).Headers;
        return MessageId.RawOf(fields, "X-Message-ID") ?? MessageId.RawOf(fields);
    }
}
