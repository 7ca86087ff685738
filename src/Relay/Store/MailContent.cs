using Relay.Store.Segments;

namespace Relay.Store;

/// <summary>The octets of a mail: in the row, or in a file beside the database when they are many.</summary>
internal abstract record MailContent
{
    private MailContent()
    {
    }

    /// <summary>Octets.</summary>
    public abstract long Length { get; }

    internal sealed record Inline(ReadOnlyMemory<byte> Octets) : MailContent
    {
        public override long Length => Octets.Length;
    }

    /// <summary>Read through <see cref="MailFiles.Load"/>; on stable storage before a row names it.</summary>
    internal sealed record File(string Name, long FileLength) : MailContent
    {
        public override long Length => FileLength;
    }

    /// <summary>In a segment of the spool; only the store sees this, its readers get the octets.</summary>
    internal sealed record Logged(RecordPosition Position, int LoggedLength) : MailContent
    {
        public override long Length => LoggedLength;
    }
}
