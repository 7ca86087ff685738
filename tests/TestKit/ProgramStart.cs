namespace Relay.TestKit;

/// <summary>How a program is started.</summary>
public sealed record ProgramStart(string Path)
{
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Added to the tests' own environment; null takes a variable away.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The current folder of the program; null is that of the tests.</summary>
    public string? Folder { get; init; }

    /// <summary>Written to its standard input, which is then closed unless <see cref="KeepInputOpen"/>.</summary>
    public ReadOnlyMemory<byte>? Input { get; init; }

    /// <summary>For programs that are spoken with line by line.</summary>
    public bool KeepInputOpen { get; init; }
}
