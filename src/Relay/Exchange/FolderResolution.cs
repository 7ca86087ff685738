using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>What became of asking for folders.</summary>
internal abstract record FolderResolution
{
    private FolderResolution()
    {
    }

    internal sealed record Resolved(IReadOnlyList<ResolvedFolder> Folders) : FolderResolution;

    /// <summary>Exchange refuses, and would refuse again.</summary>
    internal sealed record Failed(EwsError Error) : FolderResolution;

    /// <summary>Exchange cannot be asked now; the reason is one sentence for people.</summary>
    internal sealed record Unavailable(string Reason) : FolderResolution;
}
