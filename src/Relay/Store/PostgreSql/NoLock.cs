namespace Relay.Store.PostgreSql;

/// <summary>What each of several relays holds: nothing.</summary>
internal sealed class NoLock : IDisposable
{
    public void Dispose()
    {
        // There is nothing to give back.
    }
}
