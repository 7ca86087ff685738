using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Relay.Store;

/// <summary>A number to find a text by: 8 octets in an index instead of a hundred. Equal texts have equal keys; the text itself decides.</summary>
internal static class TextKey
{
    public static long Of(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}
