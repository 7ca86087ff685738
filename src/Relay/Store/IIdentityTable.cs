namespace Relay.Store;

/// <summary>What makes this database itself; made with it and moved with it.</summary>
internal interface IIdentityTable
{
    /// <summary>Part of watermarks, so that those of another database are known as foreign.</summary>
    Guid LogId { get; }

    /// <summary>32 octets, for tokens. Never logged.</summary>
    byte[] SigningKey { get; }
}
