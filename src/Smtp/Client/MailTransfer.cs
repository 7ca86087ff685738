using System.Buffers;
using System.Globalization;
using System.Text;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Client;

/// <summary>
/// One mail over a connection: MAIL, a RCPT each, DATA, content. Where the server pipelines, the commands leave in one piece and
/// the replies are matched in order (RFC 2920 §3.1); where it takes chunks too, a small mail leaves whole with them, in one round trip.
/// </summary>
internal sealed class MailTransfer(
    ReplyChannel channel, SmtpCapabilities capabilities, SmtpClientOptions options, MailEnvelope envelope, ReadOnlyMemory<byte> content)
{
    // More replies than fit the buffers of both sides at once would stop the server while we still write.
    private const int MaxPipelined = 200;

    // A larger one waits for the replies to RCPT, as it would be sent for nothing if all are refused.
    private const int MaxSentAhead = 32 * 1024;

    // RFC 3461 §5.4.
    private const int MaxOriginalRecipient = 500;

    // RFC 3461 §5.4.
    private const int MaxEnvelopeId = 100;

    private static readonly SearchValues<char> TypeCharacters = SearchValues.Create("-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    private readonly DeliveryOutcome?[] _outcomes = new DeliveryOutcome?[envelope.Recipients.Count];
    private readonly bool _pipelines = capabilities.Has(SmtpExtensions.Pipelining) && envelope.Recipients.Count <= MaxPipelined;

    private readonly bool _isChunked = capabilities.Has(SmtpExtensions.Chunking | SmtpExtensions.Pipelining)
        && envelope.Recipients.Count <= MaxPipelined && ChunkReader.IsLines(content.Span);

    private bool _isSentAhead;

    /// <summary>The server still holds a sender for the next MAIL to trip over.</summary>
    public bool LeavesTransaction { get; private set; }

    /// <summary>The server announced CHUNKING and does not know BDAT; nothing has become of the mail.</summary>
    public bool IsChunkingRefused { get; private set; }

    /// <summary>One outcome a recipient, in their order.</summary>
    public async Task<IReadOnlyList<DeliveryOutcome>> RunAsync(bool resetFirst, CancellationToken ct)
    {
        if (Unsendable() is { } refusal)
        {
            return Settle(refusal);
        }

        WriteCommands(resetFirst);
        if (await SendPrologueAsync(resetFirst, ct) is { } ending)
        {
            return Settle(ending);
        }

        if (!_pipelines && !HasAccepted)
        {
            LeavesTransaction = true;
            return Settle(null);
        }

        return _isChunked ? await SendChunkAsync(ct) : await SendContentAsync(ct);
    }

    private bool HasAccepted => Array.IndexOf(_outcomes, null) >= 0;

    /// <summary>What the server could not carry. It is not asked: the answer would be the same.</summary>
    private DeliveryOutcome.Refused? Unsendable()
    {
        var addresses = envelope.Recipients.Append(envelope.ReversePath);
        if (addresses.Any(address => address is { IsAscii: false }) && !capabilities.Has(SmtpExtensions.SmtpUtf8))
        {
            // RFC 6531 §3.2: such a mail is not handed to a server that does not offer SMTPUTF8.
            return new DeliveryOutcome.Refused(DeliveryStage.Mail, SmtpReplies.NeedsSmtpUtf8);
        }

        // RFC 6152 §3: without 8BITMIME such content is converted or returned; converting would break what was signed.
        return !Ascii.IsValid(content.Span) && !capabilities.Has(SmtpExtensions.EightBitMime)
            ? new DeliveryOutcome.Refused(DeliveryStage.Mail, SmtpReplies.Make(554, 5, 6, 3, "the server takes no 8-bit content"))
            : null;
    }

    private void WriteCommands(bool resetFirst)
    {
        if (!_pipelines)
        {
            channel.Write(resetFirst ? "RSET" : MailCommand());
            return;
        }

        if (resetFirst)
        {
            channel.Write("RSET");
        }

        channel.Write(MailCommand());

        foreach (var recipient in envelope.Recipients)
        {
            channel.Write(RecipientCommand(recipient));
        }

        if (!_isChunked)
        {
            channel.Write("DATA");
        }
        else if (content.Length <= MaxSentAhead)
        {
            WriteChunk();
            _isSentAhead = true;
        }
    }

    // RFC 3030 §2: counted octets, not stuffed, in one last chunk.
    private void WriteChunk()
    {
        channel.Write(string.Create(CultureInfo.InvariantCulture, $"BDAT {content.Length} LAST"));
        channel.Output.Write(content.Span);
    }

    /// <summary>To the last reply before DATA's; the outcome is what ends the mail for everybody here.</summary>
    private async ValueTask<DeliveryOutcome?> SendPrologueAsync(bool resetFirst, CancellationToken ct)
    {
        if (await channel.FlushAsync(options.CommandTimeout, ct) is { } fault)
        {
            return new DeliveryOutcome.Deferred(DeliveryStage.Mail, null, fault);
        }

        var mail = await channel.ReadAsync(options.CommandTimeout, ct);
        if (resetFirst && mail.Reply is { Code: 250 })
        {
            mail = _pipelines
                ? await channel.ReadAsync(options.CommandTimeout, ct)
                : await channel.AskAsync(MailCommand(), options.CommandTimeout, ct);
        }

        if (mail.Reply is not { IsPositive: true })
        {
            var outcome = mail.ToOutcome(DeliveryStage.Mail);
            if (mail.Reply is null || !_pipelines)
            {
                return outcome;
            }

            Array.Fill(_outcomes, outcome);
        }

        for (var i = 0; i < _outcomes.Length; i++)
        {
            var answer = _pipelines
                ? await channel.ReadAsync(options.CommandTimeout, ct)
                : await channel.AskAsync(RecipientCommand(envelope.Recipients[i]), options.CommandTimeout, ct);
            if (answer.Reply is not { IsPositive: true })
            {
                _outcomes[i] ??= answer.ToOutcome(DeliveryStage.Recipient);
            }

            if (answer.Reply is null)
            {
                return answer.ToOutcome(DeliveryStage.Recipient);
            }
        }

        return null;
    }

    private async Task<IReadOnlyList<DeliveryOutcome>> SendContentAsync(CancellationToken ct)
    {
        var start = _pipelines
            ? await channel.ReadAsync(options.DataStartTimeout, ct)
            : await channel.AskAsync("DATA", options.DataStartTimeout, ct);
        if (start.Reply is not { Code: 354 })
        {
            LeavesTransaction = true;
            return Settle(start.ToOutcome(DeliveryStage.Data));
        }

        if (HasAccepted)
        {
            DataWriter.Write(content.Span, channel.Output);
        }
        else
        {
            // RFC 2920 §3.1: 354 although no recipient stands is answered with a single dot, so that nothing is sent to nobody.
            channel.Output.Write(".\r\n"u8);
        }

        // Once the last block is on its way, nobody can say whether the dot arrived.
        if (await channel.FlushAsync(options.DataBlockTimeout, ct) is { } fault)
        {
            return Settle(new DeliveryOutcome.Deferred(channel.LeftOfLastFlush > 0 ? DeliveryStage.Data : DeliveryStage.AfterFinalDot, null, fault));
        }

        var end = await channel.ReadAsync(options.DataTimeout, ct);
        return Settle(end.Reply is { Code: >= 200 and < 300 } reply
            ? new DeliveryOutcome.Delivered(reply)
            : end.ToOutcome(DeliveryStage.AfterFinalDot));
    }

    private async Task<IReadOnlyList<DeliveryOutcome>> SendChunkAsync(CancellationToken ct)
    {
        if (!_isSentAhead)
        {
            if (!HasAccepted)
            {
                LeavesTransaction = true;
                return Settle(null);
            }

            WriteChunk();
            if (await channel.FlushAsync(options.DataBlockTimeout, ct) is { } fault)
            {
                return Settle(new DeliveryOutcome.Deferred(channel.LeftOfLastFlush > 0 ? DeliveryStage.Data : DeliveryStage.AfterFinalDot, null, fault));
            }
        }

        var end = await channel.ReadAsync(options.DataTimeout, ct);
        IsChunkingRefused = end.Reply is { Code: 500 or 502 or 504 };
        // RFC 3030 §2: after a chunk that was refused the server waits for RSET.
        LeavesTransaction = end.Reply is not { Code: >= 200 and < 300 };
        return Settle(end.Reply is { Code: >= 200 and < 300 } reply
            ? new DeliveryOutcome.Delivered(reply)
            : end.ToOutcome(DeliveryStage.AfterFinalDot));
    }

    /// <summary>The outcome of everybody who has none yet.</summary>
    private DeliveryOutcome[] Settle(DeliveryOutcome? rest) =>
        Array.ConvertAll(_outcomes, outcome => outcome ?? rest ?? throw new InvalidOperationException("A recipient has no outcome."));

    private string MailCommand()
    {
        var command = new StringBuilder("MAIL FROM:<").Append(envelope.ReversePath).Append('>');
        if (capabilities.Has(SmtpExtensions.Size))
        {
            // RFC 1870 §6: so that a server can refuse it before it is sent.
            command.Append(CultureInfo.InvariantCulture, $" SIZE={content.Length}");
        }

        if (capabilities.Has(SmtpExtensions.EightBitMime) && !Ascii.IsValid(content.Span))
        {
            command.Append(" BODY=8BITMIME");
        }

        if (capabilities.Has(SmtpExtensions.SmtpUtf8) && NeedsSmtpUtf8())
        {
            command.Append(" SMTPUTF8");
        }

        if (capabilities.Has(SmtpExtensions.Dsn))
        {
            command.Append(envelope.Ret is null ? "" : $" RET={envelope.Ret}");
            command.Append(envelope.EnvelopeId is { } id && Xtext.Encode(id) is { Length: > 0 and <= MaxEnvelopeId } encoded ? $" ENVID={encoded}" : "");
        }

        return command.ToString();
    }

    private string RecipientCommand(MailAddress recipient)
    {
        var command = new StringBuilder($"RCPT TO:<{recipient}>");
        if (capabilities.Has(SmtpExtensions.Dsn))
        {
            command.Append(envelope.Notify is null ? "" : $" NOTIFY={envelope.Notify}");
            command.Append(OriginalRecipientParameter());
        }

        return command.ToString();
    }

    // What came from elsewhere goes on as a parameter or not at all: no type or address may end it.
    private string OriginalRecipientParameter()
    {
        if (envelope.OriginalRecipient is not { } typed || typed.IndexOf(';', StringComparison.Ordinal) is not (> 0 and var semicolon))
        {
            return "";
        }

        var parameter = $"{typed[..semicolon]};{Xtext.EncodeAddress(typed[..semicolon], typed[(semicolon + 1)..])}";
        return parameter.Length <= MaxOriginalRecipient && typed.AsSpan(0, semicolon).IndexOfAnyExcept(TypeCharacters) < 0 ? $" ORCPT={parameter}" : "";
    }

    // RFC 6531 §3.4: asked for where an address or a header field goes beyond ASCII.
    private bool NeedsSmtpUtf8()
    {
        var header = content.Span.IndexOf("\r\n\r\n"u8);
        return envelope.Recipients.Append(envelope.ReversePath).Any(address => address is { IsAscii: false })
            || !Ascii.IsValid(header < 0 ? content.Span : content.Span[..header]);
    }
}
