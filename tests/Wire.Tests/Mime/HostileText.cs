using FsCheck;
using FsCheck.Fluent;

namespace Relay.Wire.Tests.Mime;

/// <summary>Texts that try to leave the field they are put into: line ends of every kind, controls, fields, lone surrogates, encoded words, very long words.</summary>
internal static class HostileText
{
    private static readonly string[] Pieces =
    [
        "\r\n", "\n", "\r", "\0", "\u0085", "\u2028", "\r\n\r\n", "\r\n ", "\r\n.\r\n", "Bcc: evil@x.example", "Content-Type: text/html", ":", " ", "\t", "\u007f", "\u001b",
        "=?utf-8?Q?=0D=0ABcc:_x?=", "=?utf-8?B?", "?=", "\"", "\\", "<", ">", "(", ")", ";", ",", "\u00fc", "\u20ac", "\ud83d\ude00", "\ud800", "\udc00", "plain", "a@b.example",
        new string('x', 990), new string('\u00e4', 600), new string(' ', 1200), string.Concat(Enumerable.Repeat("word ", 300)),
    ];

    public static Arbitrary<string> Any { get; } =
        Gen.Choose(0, 12).SelectMany(count => Gen.Elements(Pieces).ListOf(count)).Select(pieces => string.Concat(pieces)).ToArbitrary();
}
