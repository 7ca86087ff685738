namespace Relay.Store.Sql;

/// <summary>One caller's share of a group that commits together.</summary>
internal abstract class CommitMember(bool durable)
{
    /// <summary>Whether its group has to wait for the disk.</summary>
    public bool IsDurable { get; } = durable;

    /// <summary>False when the caller gave up before its work began.</summary>
    public abstract bool Begin();

    public abstract void Run(IStoreTransaction transaction);

    public abstract void Complete();

    public abstract void Fail(Exception exception);
}
