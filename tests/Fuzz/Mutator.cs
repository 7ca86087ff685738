using System.Text;

namespace Relay.Fuzz;

/// <summary>Makes inputs from seeds: one to eight small changes each, of the kinds that break readers.</summary>
/// <remarks>Half of the inputs have a single change, and half of the changes are made at the joints of the text, behind a line end or a tag, and
/// move whole lines or tags: what breaks in every line bounces off at the first check and shows little.</remarks>
public sealed class Mutator
{
    // Inputs stay small, so that a slow one is slow for its shape and not for its size.
    private const int MaxLength = 64 * 1024;

    private static readonly byte[] Interesting = [0, (byte)'\r', (byte)'\n', (byte)' ', (byte)'<', (byte)'>', (byte)'"', (byte)'=', (byte)'-', (byte)';', 0x7f, 0x80, 0xff];

    private readonly Random _random;
    private readonly IReadOnlyList<byte[]> _seeds;
    private readonly byte[][] _words;
    private readonly XmlChanges? _tree;

    /// <summary>The same seeds and the same number give the same inputs, in the same order.</summary>
    public Mutator(IFuzzTarget target, int seed)
    {
        _random = new Random(seed);
        _seeds = target.Seeds;
        _words = [.. target.Words.Select(Encoding.Latin1.GetBytes)];
        _tree = target.IsXml ? new XmlChanges(_random, _seeds) : null;
    }

    /// <summary>The next input.</summary>
    public byte[] Next()
    {
        var seed = Pick(_seeds);
        var tree = _tree is not null && _random.Next(8) != 0 ? _tree.Change(seed, _random.Next(1, 6)) : null;
        var input = new List<byte>(tree ?? seed);
        // A tree that was changed gets a change of its octets now and then, everything else at least one.
        for (var changes = tree is not null ? _random.Next(-2, 2) : _random.Next(2) == 0 ? 1 : _random.Next(2, 9); changes > 0; changes--)
        {
            Change(input);
        }

        if (input.Count > MaxLength)
        {
            input.RemoveRange(MaxLength, input.Count - MaxLength);
        }

        return [.. input];
    }

    private void Change(List<byte> input)
    {
        var at = _random.Next(input.Count + 1);
        var length = Math.Min(_random.Next(1, 64), input.Count - at);
        if (_random.Next(2) == 0)
        {
            at = Joint(input, at);
            length = Joint(input, at) - at;
        }

        switch (_random.Next(9))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < input.Count:
                input[at] = Interesting[_random.Next(Interesting.Length)];
                break;
            case 2:
                input.RemoveRange(at, length);
                break;
            case 3:
                input.InsertRange(at, input.GetRange(at, length));
                break;
            case 4:
                input.InsertRange(at, Pick(_words));
                break;
            case 5:
                input.RemoveRange(at, input.Count - at);
                break;
            case 6:
                Splice(input, at);
                break;
            case 7:
                Repeat(input, at, length);
                break;
            default:
                input.Insert(at, (byte)_random.Next(256));
                break;
        }
    }

    /// <summary>The place behind the next line end or tag; the end where there is none.</summary>
    private static int Joint(List<byte> input, int from) =>
        input.FindIndex(from, octet => octet is (byte)'\n' or (byte)'>') is var found and >= 0 ? found + 1 : input.Count;

    private void Splice(List<byte> input, int at)
    {
        var other = Pick(_seeds);
        var from = _random.Next(other.Length + 1);
        input.RemoveRange(at, input.Count - at);
        input.AddRange(other.AsSpan(from).ToArray());
    }

    private void Repeat(List<byte> input, int at, int length)
    {
        var piece = input.GetRange(at, length);
        for (var times = _random.Next(1, 40); times > 0 && input.Count < MaxLength; times--)
        {
            input.InsertRange(at, piece);
        }
    }

    private T Pick<T>(IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];
}
