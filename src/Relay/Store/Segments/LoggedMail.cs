namespace Relay.Store.Segments;

/// <summary>A mail that is safe in a segment and has no row yet.</summary>
/// <param name="Mail">Its envelope; the content is <paramref name="Content"/>, so the octets are not held in memory.</param>
/// <param name="Content">Where the octets are.</param>
/// <param name="End">Where the next record begins.</param>
internal sealed record LoggedMail(NewSpooledMail Mail, MailContent.Logged Content, RecordPosition End)
{
    /// <summary>Of its record.</summary>
    public long Octets => End.Offset - Content.Position.Offset;

    /// <summary>Of its record without the content.</summary>
    public long EnvelopeOctets => Octets - Content.Length;
}
