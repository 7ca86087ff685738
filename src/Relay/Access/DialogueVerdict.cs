namespace Relay.Access;

/// <summary>What can be said of a request before its content is there.</summary>
internal enum DialogueVerdict
{
    /// <summary>Some entry may still be proven.</summary>
    Possible,

    /// <summary>Only a client that names its account could prove anything.</summary>
    NeedsAccount,

    /// <summary>No entry can be proven, whatever follows.</summary>
    Hopeless,
}
