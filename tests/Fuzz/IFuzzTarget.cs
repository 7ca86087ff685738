namespace Relay.Fuzz;

/// <summary>A reader under test.</summary>
public interface IFuzzTarget
{
    /// <summary>How the command line calls it.</summary>
    string Name { get; }

    /// <summary>Good and bad inputs from the field, which the mutations start from.</summary>
    IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>Words of the format, which chance would take too long to find.</summary>
    IReadOnlyList<string> Words { get; }

    /// <summary>Most inputs are made by changing the tree of a seed rather than its octets.</summary>
    bool IsXml => false;

    /// <summary>Reads one input. Throws when a promise is broken; what the input says is none of a promise.</summary>
    /// <returns>How far the input came, in a word or two: a run counts them, to show that inputs do not bounce off at the first check.</returns>
    string Read(byte[] input);
}
