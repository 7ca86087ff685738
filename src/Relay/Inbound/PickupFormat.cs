namespace Relay.Inbound;

/// <summary>How mail lies in a pick-up.</summary>
internal enum PickupFormat
{
    /// <summary>A folder with <c>new</c>, <c>cur</c> and <c>tmp</c>, a file a mail.</summary>
    Maildir,

    /// <summary>One file, each mail behind a line that begins <c>From </c>.</summary>
    Mbox,
}
