namespace Relay.Wire.Mime;

/// <summary>What a mail may cost to read. Every limit is checked before the memory it guards is taken.</summary>
public sealed record MimeLimits
{
    /// <summary>Limits for mail from strangers; a server that takes larger mails raises <see cref="MaxDecodedBytes"/> with its own.</summary>
    public static MimeLimits Default { get; } = new();

    /// <summary>Levels of multipart inside each other; the outermost counts as one.</summary>
    public int MaxDepth { get; init; } = 8;

    /// <summary>Body parts of the whole mail, multiparts included.</summary>
    public int MaxParts { get; init; } = 100;

    /// <summary>Octets of one header, of the mail or of a part.</summary>
    public int MaxHeaderBytes { get; init; } = 64 * 1024;

    /// <summary>Fields of one header.</summary>
    public int MaxFields { get; init; } = 200;

    /// <summary>Octets of one part after its transfer encoding is undone.</summary>
    public long MaxDecodedBytes { get; init; } = 32 * 1024 * 1024;
}
