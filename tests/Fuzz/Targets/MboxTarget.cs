using System.Text;
using Relay.Inbound;

namespace Relay.Fuzz.Targets;

/// <summary>Mbox files, from which mails are taken by their places: what is cut wrong is a mail lost or made up.</summary>
internal sealed class MboxTarget : IFuzzTarget
{
    private const string Three = """
        From app@branch.example Sat Nov 21 18:00:00 2026
        From: app@branch.example
        Message-ID: <1@branch.example>

        >From here on it is text.
        From there too, as no empty line is above.

        From MAILER-DAEMON Sat Nov 21 18:00:01 2026
        Subject: no body

        From a b

        >>From

        """;

    private const int Smallest = 5;

    private static readonly int[] BufferSizes = [Smallest, 6, 7, 64, 128 * 1024];

    public string Name => "mbox";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Encoding.Latin1.GetBytes(Three.ReplaceLineEndings("\n")),
        Fuzz.Seeds.Text(Three),
        .. Fuzz.Seeds.Mails().Take(5).Select(static mail => (byte[])[.. "From a@b Sat Nov 21 18:00:00 2026\n"u8, .. mail, .. "\n"u8, .. mail]),
    ];

    public IReadOnlyList<string> Words { get; } = ["\nFrom ", "\n\nFrom ", "\r\n\r\nFrom ", "\n\r\nFrom ", ">From ", "From", "\n\n", "\r\r\n", "\0"];

    public string Read(byte[] input)
    {
        var expected = Starts(input);
        foreach (var size in BufferSizes)
        {
            if (TryRead(input, size) is not { } mails)
            {
                Promise.Holds(input.Length > 0 && !IsSeparator(input, 0), "what begins with a separator is a file");
                return "no mbox";
            }

            Promise.Holds(input.Length == 0 || IsSeparator(input, 0), "a file begins with a separator");
            Promise.Holds(mails.Select(mail => mail.Start).SequenceEqual(expected), "mails begin where a separator stands behind an empty line");
            Promise.Holds(mails.Sum(mail => mail.Length) == input.Length, "every octet is some mail's");
            Promise.Holds(mails.Zip(mails.Skip(1)).All(two => two.First.Start + two.First.Length == two.Second.Start), "none is two mails'");
            Promise.Holds(mails.Select(mail => mail.Name).Distinct().Count() == mails.Count, "no two have one name");
        }

        return expected.Count > 1 ? "mails" : "a mail";
    }

    private static IReadOnlyList<(string Name, long Start, long Length)>? TryRead(byte[] input, int bufferSize)
    {
        try
        {
            return MboxScan.Read(new MemoryStream(input), bufferSize);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>The same, line by line on the whole.</summary>
    private static List<long> Starts(byte[] input)
    {
        var starts = new List<long>();
        var isAfterEmpty = true;
        for (var at = 0; at < input.Length;)
        {
            if (isAfterEmpty && IsSeparator(input, at))
            {
                starts.Add(at);
            }

            var end = Array.IndexOf(input, (byte)'\n', at);
            var next = end < 0 ? input.Length : end + 1;
            isAfterEmpty = input.AsSpan(at, next - at).IndexOfAnyExcept((byte)'\r', (byte)'\n') < 0;
            at = next;
        }

        return starts;
    }

    private static bool IsSeparator(byte[] input, int at) => input.AsSpan(at).StartsWith("From "u8);
}
