using Microsoft.Extensions.Logging;
using Relay.Store.Sql;

namespace Relay.Store.Segments;

/// <summary>
/// Reads a segment after a crash. What is no whole record at the end was being written when the relay died, and was promised to nobody. What is no
/// record between records is damage: it is told, and the records behind it count.
/// </summary>
internal sealed class SegmentScan(SegmentFolder folder, ILogger logger)
{
    /// <summary>The records from <paramref name="from"/> on.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IEnumerable<LoggedMail> Read(RecordPosition from)
    {
        // One segment at a time is held in memory, and only at a start.
        var octets = File.ReadAllBytes(folder.PathOf(from.Segment));
        if (!SegmentHeader.TryRead(octets, from.Segment, out var header))
        {
            if (octets.AsSpan().ContainsAnyExcept((byte)0))
            {
                folder.PutAside(from.Segment);
                StoreLog.SegmentUnreadable(logger, from.Segment);
            }

            yield break;
        }

        var at = (int)Math.Min(Math.Max(from.Offset, header.Length), octets.Length);
        while (Next(octets, header.Salt, from.Segment, at) is var (begin, envelope, content))
        {
            var length = SegmentFormat.RecordHeaderOctets + envelope + content;
            at = begin + length;
            var logged = new MailContent.Logged(new RecordPosition(from.Segment, begin), content);
            yield return new LoggedMail(
                EnvelopeCodec.Read(octets.AsSpan(begin + SegmentFormat.RecordHeaderOctets, envelope), logged),
                logged,
                new RecordPosition(from.Segment, at));
        }
    }

    private (int Begin, int Envelope, int Content)? Next(byte[] octets, ulong salt, long segment, int at)
    {
        for (var begin = at; ; begin++)
        {
            if (SegmentFormat.TryReadRecord(octets.AsSpan(begin), salt, begin, out var envelope, out var content))
            {
                if (begin > at)
                {
                    StoreLog.SegmentDamaged(logger, segment, at, begin - at);
                }

                return (begin, envelope, content);
            }

            var next = octets.AsSpan(Math.Min(begin + 1, octets.Length)).IndexOf(SegmentFormat.RecordMagic);
            if (next < 0)
            {
                TellOfTail(octets, segment, at);
                return null;
            }

            begin += next;
        }
    }

    private void TellOfTail(byte[] octets, long segment, int at)
    {
        var last = octets.AsSpan(at).LastIndexOfAnyExcept((byte)0);
        if (last >= 0)
        {
            StoreLog.SegmentCut(logger, segment, at, last + 1);
        }
    }
}
