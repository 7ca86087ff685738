using System.Runtime.InteropServices;

namespace Relay.Store.Sql;

/// <summary>Octets as a parameter takes them.</summary>
internal static class Blob
{
    /// <summary>The array itself when the memory is all of it, else a copy: providers take arrays.</summary>
    public static byte[] Of(ReadOnlyMemory<byte> octets) =>
        MemoryMarshal.TryGetArray(octets, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : octets.ToArray();
}
