using System.Buffers;

namespace Relay.Store.Segments;

/// <summary>A record on its way to the disk. The content stays where it is, and is not copied.</summary>
internal sealed class RecordBuffer
{
    private readonly ArrayBufferWriter<byte> _head = new(512);
    private readonly ReadOnlyMemory<byte> _content;

    public RecordBuffer(NewSpooledMail mail, ReadOnlyMemory<byte> content)
    {
        _content = content;
        _head.Advance(SegmentFormat.RecordHeaderOctets);
        EnvelopeCodec.Write(mail, _head);
    }

    /// <summary>Octets in the segment.</summary>
    public int Length => _head.WrittenCount + _content.Length;

    /// <summary>Whether a segment can hold it, and a reader will take it for a record.</summary>
    public bool Fits => _head.WrittenCount <= SegmentFormat.MostEnvelope && _content.Length <= MailFiles.InlineLimit;

    /// <summary>Computes the header for its place.</summary>
    public void Seal(ulong salt, long offset)
    {
        var head = System.Runtime.InteropServices.MemoryMarshal.AsMemory(_head.WrittenMemory).Span;
        SegmentFormat.WriteRecordHeader(head, salt, offset, head[SegmentFormat.RecordHeaderOctets..], _content.Span);
    }

    public void AddTo(List<ReadOnlyMemory<byte>> pieces)
    {
        pieces.Add(_head.WrittenMemory);
        pieces.Add(_content);
    }
}
