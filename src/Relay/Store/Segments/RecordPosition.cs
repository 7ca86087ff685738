namespace Relay.Store.Segments;

/// <summary>Where a record begins.</summary>
/// <param name="Segment">The number of the segment, from 1; later ones are greater.</param>
/// <param name="Offset">Octets from the beginning of the file.</param>
internal readonly record struct RecordPosition(long Segment, long Offset);
