namespace Relay.Notifications;

internal enum NotifiedItemState
{
    /// <summary>All that was asked for is told.</summary>
    Told,

    /// <summary>It was not there any more, or not under this id.</summary>
    Gone,

    /// <summary>Exchange did not say in time, or would not.</summary>
    Unavailable,

    /// <summary>Its properties are told, but it does not fit into a mail.</summary>
    TooLarge,
}
