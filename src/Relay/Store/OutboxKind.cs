namespace Relay.Store;

/// <summary>Why a mail goes out. Lower kinds go first. The numbers are stored.</summary>
internal enum OutboxKind
{
    /// <summary>Somebody waits for it.</summary>
    Answer = 0,

    /// <summary>Of a subscription.</summary>
    Notification = 1,
}
