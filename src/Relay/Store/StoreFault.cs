namespace Relay.Store;

/// <summary>Why a store cannot do its work.</summary>
internal enum StoreFault
{
    /// <summary>No room on the disk.</summary>
    Full,

    /// <summary>The file or the file system may not be written.</summary>
    ReadOnly,

    /// <summary>Another process held the write lock longer than the time that is waited for it.</summary>
    Locked,

    /// <summary>The server or file cannot be reached, or reading or writing fails.</summary>
    Unreachable,

    /// <summary>The file is no database, or is damaged.</summary>
    Damaged,

    /// <summary>The database holds no store, that of another version, or the tables of another program; the message says what to do.</summary>
    OtherSchema,
}
