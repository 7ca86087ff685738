using System.Text;
using Relay.Smtp.Authentication;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>Challenges and responses of one AUTH (RFC 4954 §4).</summary>
internal sealed class SaslDialogue(SessionContext session, string? initialResponse)
{
    /// <summary>RFC 4954 §4: not base64, or not what the mechanism wants.</summary>
    public static readonly SmtpReply BadResponse = SmtpReplies.Syntax("cannot read this response");

    /// <summary>Nothing is pipelined behind AUTH or an answer: it cannot be meant for what the client has not seen.</summary>
    public static readonly SmtpReply OctetsBehind = SmtpReplies.BadSequence("octets behind AUTH") with { ClosesConnection = true };

    // RFC 4954 §4: a line has at most 12,288 octets.
    private const int MaxLine = 12288;

    private string? _initialResponse = initialResponse;

    /// <summary>Why the dialogue ended early; null where the client has gone.</summary>
    public SmtpReply? Failure { get; private set; }

    /// <summary>Sends a challenge and waits for the response; the initial response answers the first one unsent.</summary>
    /// <returns>Null where the dialogue is over.</returns>
    public async ValueTask<byte[]?> AskAsync(string challenge, CancellationToken ct)
    {
        var response = _initialResponse;
        _initialResponse = null;
        if (response is null)
        {
            session.Channel.Write(new SmtpReply(334, null, SaslText.Encode(challenge)));
            response = await ReadAsync(ct);
        }
        else if (response == "=")
        {
            // RFC 4954 §4: an initial response that is there, and empty.
            response = "";
        }

        if (response is null || response == "*")
        {
            Failure ??= response is null ? null : SmtpReplies.Make(501, 5, 7, 0, "cancelled");
            return null;
        }

        if (SaslText.TryDecode(response, out var octets))
        {
            return octets;
        }

        Failure = BadResponse;
        return null;
    }

    private async ValueTask<string?> ReadAsync(CancellationToken ct)
    {
        session.Channel.Deadline.Set(session.Limits.IdleTimeout);
        var (input, line) = await session.Channel.ReadSecretLineAsync(MaxLine, static line => Encoding.Latin1.GetString(line), ct);
        session.Channel.Deadline.Clear();
        // RFC 4954 §4: each answer is to a challenge, and what stands behind it was sent before ours to it.
        var isBehind = input == SessionInput.Ready && session.Channel.HasUnreadInput();
        Failure = input switch
        {
            SessionInput.Ready when isBehind => OctetsBehind,
            SessionInput.TimedOut => SmtpReplies.TimedOut,
            SessionInput.Stopping => SmtpReplies.ShuttingDown,
            SessionInput.Foreign => SmtpReplies.NotSmtp,
            SessionInput.BareLineEnd => SmtpReplies.BareLineEnd,
            SessionInput.LineTooLong or SessionInput.ChunkLineTooLong => SmtpReplies.Make(500, 5, 5, 6, "line too long"),
            _ => null,
        };
        return isBehind ? null : line;
    }
}
