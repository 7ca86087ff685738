namespace Relay.Store;

/// <summary>The number by which the outbox knows a recipient's domain.</summary>
internal static class LaneKey
{
    public static long Of(string address) => TextKey.Of(address[(address.LastIndexOf('@') + 1)..].ToLowerInvariant());
}
