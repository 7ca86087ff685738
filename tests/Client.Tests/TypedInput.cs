using System.Collections.Concurrent;

namespace Relay.Client.Tests;

/// <summary>A keyboard: the program's read waits until the test types a line.</summary>
internal sealed class TypedInput : TextReader
{
    private readonly BlockingCollection<string> _lines = [];

    public void Type(string line) => _lines.Add(line);

    public override string? ReadLine() => _lines.Take();

    protected override void Dispose(bool disposing)
    {
        // Lets a reader that is left behind by a failed test go.
        _lines.CompleteAdding();
        base.Dispose(disposing);
    }
}
