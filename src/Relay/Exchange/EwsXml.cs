using System.Runtime.InteropServices;
using System.Xml;
using System.Xml.Linq;
using Relay.Wire.Soap;

namespace Relay.Exchange;

/// <summary>Envelopes from Exchange, which is trusted no further than a stranger, only to say more at once.</summary>
internal static class EwsXml
{
    private static readonly SoapLimits Limits = new() { MaxCharacters = 256 * 1024 * 1024, MaxElements = 2_000_000 };

    /// <exception cref="XmlException">It is no XML, has a DTD, or exceeds a limit.</exception>
    internal static XElement Load(ReadOnlyMemory<byte> octets)
    {
        var array = MemoryMarshal.TryGetArray(octets, out var segment) ? segment : new ArraySegment<byte>(octets.ToArray());
        try
        {
            return Read(array);
        }
        catch (XmlException) when (IllegalCharacters.Blank(array))
        {
            return Read(array);
        }
    }

    private static XElement Read(ArraySegment<byte> octets)
    {
        using var stream = new MemoryStream(octets.Array!, octets.Offset, octets.Count, writable: false);
        return SafeXml.Load(stream, Limits);
    }
}
