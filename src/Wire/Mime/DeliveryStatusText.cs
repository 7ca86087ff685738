using System.Text.RegularExpressions;
using Relay.Wire.Smtp;

namespace Relay.Wire.Mime;

/// <summary>Guesses the outcome from a bounce that is prose, as qmail and old gateways write them.</summary>
internal static partial class DeliveryStatusText
{
    // What matters stands at the top; below comes the mail itself, which may quote any numbers.
    private const int MaxText = 8 * 1024;
    private const int MaxQuote = 64 * 1024;
    private const int MaxWords = 1000;

    /// <summary>The first status or SMTP reply that the text names; null when it names none.</summary>
    public static RecipientStatus? Read(string text)
    {
        text = text.Length <= MaxText ? text : text[..MaxText];
        var found = StatusPattern().Match(text);
        if (found.Success && EnhancedStatus.TryParse(found.Groups[1].ValueSpan, out var status))
        {
            return new RecipientStatus(Recipient(text), null, DeliveryStatusReader.OfClass(status.Class), status, Line(text, found.Groups[1].Index));
        }

        var reply = ReplyPattern().Match(text);
        return reply.Success
            ? new RecipientStatus(Recipient(text), null, DeliveryStatusReader.OfClass(reply.Value[0] - '0'), null, Line(text, reply.Index))
            : null;
    }

    /// <summary>The Message-ID of the mail that is quoted below the prose; null when none is.</summary>
    public static string? MessageIdIn(string text)
    {
        var found = MessageIdPattern().Match(text.Length <= MaxQuote ? text : text[..MaxQuote]);
        return found.Success ? found.Groups[1].Value : null;
    }

    // "<address>:" on a line of its own is how qmail names the recipient.
    private static MailAddress? Recipient(string text) =>
        RecipientPattern().Match(text) is { Success: true } found && MailAddress.TryParse(found.Groups[1].ValueSpan, out var address) ? address : null;

    private static string Line(string text, int at)
    {
        var start = text.LastIndexOf('\n', at) + 1;
        var end = text.IndexOf('\n', at);
        var line = HeaderText.Clean(text[start..(end < 0 ? text.Length : end)]).Trim();
        return line.Length <= MaxWords ? line : line[..MaxWords];
    }

    [GeneratedRegex(@"^[>\s]*Message-ID:\s*(<[^<>\s]{3,250}>)", RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex MessageIdPattern();

    [GeneratedRegex(@"(?:^|[\s#(:;])([45]\.[0-9]{1,3}\.[0-9]{1,3})(?:[\s),:;]|\.\s|$)", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex StatusPattern();

    [GeneratedRegex(@"\b(421|45[0-9]|55[0-9])[ -]", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex ReplyPattern();

    [GeneratedRegex(@"^<([^<>\s]{3,320})>:\s*$", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex RecipientPattern();
}
