using System.Globalization;
using System.Text;

namespace Relay.Fuzz.Smtp;

/// <summary>What the client says in the transcripts of the server's tests.</summary>
internal static class SessionSeeds
{
    public static IReadOnlyList<byte[]> All() =>
    [
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Transcripts"), "*.smtp", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(file => Client(File.ReadAllLines(file))),
    ];

    private static byte[] Client(string[] lines)
    {
        var said = new StringBuilder();
        foreach (var line in lines.Where(line => line.StartsWith("C: ", StringComparison.Ordinal) || line.StartsWith("C= ", StringComparison.Ordinal)))
        {
            said.Append(Unescape(line[3..])).Append(line[1] == ':' ? "\r\n" : "");
        }

        return Encoding.Latin1.GetBytes(said.ToString());
    }

    private static string Unescape(string text)
    {
        var octets = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var next = i + 1 < text.Length ? text[i + 1] : ' ';
            if (text[i] != '\\')
            {
                octets.Append(text[i]);
            }
            else if (next == 'x' && i + 3 < text.Length)
            {
                octets.Append((char)byte.Parse(text.AsSpan(i + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 3;
            }
            else
            {
                // Repetitions stay as they stand: a seed need not be long.
                octets.Append(next switch { 'r' => '\r', 'n' => '\n', '0' => '\0', _ => next });
                i++;
            }
        }

        return octets.ToString();
    }
}
