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

    /// <summary>The file is no database, is damaged, was made by a later version, or holds the tables of another program.</summary>
    Damaged,
}
