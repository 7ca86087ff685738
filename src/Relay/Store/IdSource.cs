using System.Security.Cryptography;

namespace Relay.Store;

/// <summary>Makes ids that nobody can guess and that no other relay makes.</summary>
internal sealed class IdSource(RandomNumberGenerator chance)
{
    /// <summary>128 bits in hexadecimal: the unique part of a Message-ID, a queue id.</summary>
    public string NewUnique() => Convert.ToHexStringLower(Octets(16));

    /// <summary>What a subscriber calls its subscription: base64, as EWS clients are used to.</summary>
    public string NewSubscriptionId() => Convert.ToBase64String(Octets(24));

    private byte[] Octets(int count)
    {
        byte[] octets = new byte[count];
        chance.GetBytes(octets);
        return octets;
    }
}
