namespace Relay.Operator;

/// <summary>Rows with their columns under each other; the last column is as long as it is.</summary>
internal static class TextTable
{
    private const string Between = "  ";

    public static void Write(TextWriter output, params IReadOnlyList<IReadOnlyList<string>> rows)
    {
        int columns = rows.Max(row => row.Count);
        int[] widths = [.. Enumerable.Range(0, columns).Select(column => rows.Max(row => column < row.Count ? row[column].Length : 0))];
        foreach (var row in rows)
        {
            output.WriteLine(string.Join(Between, row.Select((cell, column) =>
                column == row.Count - 1 ? Plain.Clean(cell) : Plain.Clean(cell).PadRight(widths[column]))).TrimEnd());
        }
    }
}
