namespace Relay.Store;

/// <summary>What makes a request the same request: who asks which service, the id it gave, and a hash of its SOAP octets.</summary>
internal sealed record JournalKey(string Principal, string Service, string RequestId, byte[] OctetsHash);
