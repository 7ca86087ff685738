using System.Globalization;

namespace Relay.Wire.Smtp;

/// <summary>What a server says to a command (RFC 5321 §4.2).</summary>
/// <param name="Code">200..599.</param>
/// <param name="Status">Null on the greeting, on replies to HELO and EHLO, and on 3yz (RFC 2034 §4).</param>
/// <param name="Text">Several lines are joined by <c>\n</c>; no line carries the code or the status.</param>
public sealed record SmtpReply(int Code, EnhancedStatus? Status, string Text)
{
    /// <summary>The server hangs up once this reply is sent.</summary>
    public bool ClosesConnection { get; init; }

    /// <summary>2yz, or 3yz: go on.</summary>
    public bool IsPositive => Code is >= 200 and < 400;

    /// <summary>5yz: it will not succeed unchanged.</summary>
    public bool IsPermanent => Code is >= 500 and < 600;

    /// <summary>On one line, as it would stand in a log.</summary>
    public override string ToString()
    {
        var text = Text.Replace('\n', ' ');
        return Status is { } status
            ? string.Create(CultureInfo.InvariantCulture, $"{Code} {status} {text}")
            : string.Create(CultureInfo.InvariantCulture, $"{Code} {text}");
    }
}
