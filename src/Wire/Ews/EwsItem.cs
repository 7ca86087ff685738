namespace Relay.Wire.Ews;

/// <summary>An item as far as the server told it.</summary>
/// <param name="Id">With its change key as a rule.</param>
/// <param name="ParentFolder">Null unless asked for.</param>
/// <param name="Kind">The element's name: <c>Message</c>, <c>CalendarItem</c> …</param>
/// <param name="Subject">Null in the shape IdOnly.</param>
/// <param name="From">The address of the author; null unless told.</param>
/// <param name="Received">UTC; null unless told.</param>
/// <param name="InternetMessageId">The Message-ID field with its angle brackets; null unless told.</param>
/// <param name="IsRead">Null for items that are not mail.</param>
public sealed record EwsItem(
    EwsId Id,
    EwsId? ParentFolder,
    string Kind,
    string? Subject,
    string? From,
    DateTimeOffset? Received,
    string? InternetMessageId,
    bool? IsRead)
{
    /// <summary>UTC; null unless asked for.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>In octets, as the server counts; null unless asked for.</summary>
    public int? Size { get; init; }

    /// <summary>The item as MIME in base64; null unless asked for.</summary>
    public string? MimeContent { get; init; }
}
