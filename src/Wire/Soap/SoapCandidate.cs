using Relay.Wire.Mime;

namespace Relay.Wire.Soap;

/// <summary>A part that holds XML.</summary>
/// <param name="Part">The part.</param>
/// <param name="Number">Its place among the mail's parts without parts of their own, from 1.</param>
/// <param name="Place">Which of the part's it is, from 1: text may hold several envelopes.</param>
/// <param name="Octets">The XML alone.</param>
/// <param name="IsEnvelope">Whether its root is an Envelope.</param>
/// <param name="Charset">What the octets are in; null where the XML must tell.</param>
/// <param name="Layout">Where the part lies.</param>
/// <param name="Attachments">The parts that came with it.</param>
internal sealed record SoapCandidate(
    MimeEntity Part,
    int Number,
    int Place,
    ReadOnlyMemory<byte> Octets,
    bool IsEnvelope,
    string? Charset,
    SoapLayout Layout,
    IReadOnlyList<MimeEntity> Attachments)
{
    /// <summary>For a fault's sentence that tells it from another one: no text of the mail but the part's media type.</summary>
    public string DescriptionBeside(SoapCandidate other) =>
        $"{(Number == other.Number ? $"envelope {Place} of " : "")}part {Number} ({Part.ContentType.MediaType})";
}
