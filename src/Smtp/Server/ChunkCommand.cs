using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>BDAT: counted octets, and a reply a chunk (RFC 3030 §2).</summary>
internal static class ChunkCommand
{
    /// <summary>Takes one chunk. Its octets are read even where it is refused, as the next command stands behind them.</summary>
    /// <param name="session">The session.</param>
    /// <param name="chunk">The command.</param>
    /// <param name="refusal">Why the chunk is refused before it is read; null where it is welcome.</param>
    /// <param name="ct">The server gives up on the session.</param>
    /// <returns>Null where the client has gone.</returns>
    public static async ValueTask<SmtpReply?> ExecuteAsync(
        SessionContext session, SmtpCommand.Chunk chunk, SmtpReply? refusal, CancellationToken ct)
    {
        var limit = session.Options.MaxMessageBytes;
        // A chunk that alone fills the limit twice is not worth reading to its end.
        if (chunk.Length > limit * 2)
        {
            return SmtpReplies.TooBig with { ClosesConnection = true };
        }

        if (refusal is null)
        {
            session.State.BeginChunks(session.State.Chunks ?? await ChunkedMail.BeginAsync(session, ct));
        }

        var mail = refusal is null ? session.State.Chunks : null;
        var input = await ReceiveAsync(session, mail, chunk.Length, ct);
        if (input != SessionInput.Ready)
        {
            return input == SessionInput.TimedOut ? SmtpReplies.TimedOut : null;
        }

        session.Channel.Trace.Content(chunk.Length);
        return mail is null ? refusal : await FinishAsync(session, mail, chunk, ct);
    }

    private static async ValueTask<SessionInput> ReceiveAsync(SessionContext session, ChunkedMail? mail, long length, CancellationToken ct)
    {
        var channel = session.Channel;
        var deadline = mail?.Deadline ?? new ContentDeadline(channel.Deadline, session.Limits);
        var before = mail?.Length ?? 0;
        deadline.Set(before);
        if (channel.Deadline.HasPassed(TimeSpan.Zero))
        {
            // A mail in small chunks, each of them in time, may not take longer than one in DATA.
            return SessionInput.TimedOut;
        }

        channel.Deadline.Clear();
        for (var left = length; left > 0;)
        {
            deadline.Set(before + length - left);
            var result = await channel.ReadAsync(ct);
            var isLate = channel.Deadline.HasPassed(TimeSpan.Zero);
            channel.Deadline.Clear();
            var piece = result.Buffer.Slice(0, Math.Min(left, result.Buffer.Length));
            left -= piece.Length;
            mail?.Take(piece);
            channel.Transport.Input.AdvanceTo(piece.End);
            if (mail is not null)
            {
                await mail.PassOnAsync(ct);
            }

            if (left > 0 && (isLate || result.IsCompleted))
            {
                return isLate ? SessionInput.TimedOut : SessionInput.Closed;
            }
        }

        return SessionInput.Ready;
    }

    private static async ValueTask<SmtpReply> FinishAsync(SessionContext session, ChunkedMail mail, SmtpCommand.Chunk chunk, CancellationToken ct)
    {
        // RFC 2033 §4.3: a reply a recipient is due for the last chunk, and one reply for every other.
        var refusal = chunk.IsLast ? null : mail.Refusal;
        if (!chunk.IsLast && refusal is null)
        {
            return SmtpReplies.Make(250, 2, 0, 0, $"{chunk.Length} octets taken");
        }

        // RFC 3030 §2: after a refusal the mail is lost, and the client says RSET; chunks already on their way are out of order.
        var reply = refusal ?? await mail.EndAsync(ct);
        await session.State.EndMailAsync();
        return reply;
    }
}
