using System.Buffers;
using System.IO.Pipelines;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>DATA: 354, the content, and the one reply that counts (RFC 5321 §4.1.1.4).</summary>
internal static class DataCommand
{
    /// <summary>Null where the session is over: the client has gone, or had its time.</summary>
    public static async ValueTask<SmtpReply?> ExecuteAsync(SessionContext session, CancellationToken ct)
    {
        await using var mail = await MailReception.BeginAsync(session, ct);
        if (mail.Refusal is { } refusal)
        {
            await session.State.EndMailAsync();
            return refusal;
        }

        session.Channel.Write(SmtpReplies.StartData);
        var input = await ReceiveAsync(session, mail, ct);
        if (input != SessionInput.Ready)
        {
            return input == SessionInput.TimedOut ? SmtpReplies.TimedOut : null;
        }

        session.Channel.Trace.Content(mail.Length);
        var reply = await mail.CommitAsync(ct);
        await session.State.EndMailAsync();
        return reply;
    }

    /// <summary>Reads to the final dot, whatever else is wrong: only then do both sides know where the next command begins.</summary>
    private static async ValueTask<SessionInput> ReceiveAsync(SessionContext session, MailReception mail, CancellationToken ct)
    {
        var channel = session.Channel;
        var reader = new DataReader(session.Limits.TextLineBytes, session.Options.BareLineEnds == BareLineEnds.Convert);
        var deadline = new ContentDeadline(channel.Deadline, session.Limits);
        while (!reader.IsEnded)
        {
            deadline.Set(reader.Length);
            var result = await channel.ReadAsync(ct);
            var isLate = channel.Deadline.HasPassed(TimeSpan.Zero);
            channel.Deadline.Clear();
            Decode(result, reader, mail.Buffer, channel.Transport.Input);
            if (ContentFault.Of(reader.HasBareLineEnd, reader.HasLongLine, reader.Length, session.Options.MaxMessageBytes) is { } fault)
            {
                await mail.RefuseAsync(fault);
            }

            mail.Length = reader.Length;
            await mail.PassOnAsync(ct);
            if (!reader.IsEnded && (isLate || result.IsCompleted))
            {
                return isLate ? SessionInput.TimedOut : SessionInput.Closed;
            }
        }

        return SessionInput.Ready;
    }

    private static void Decode(ReadResult result, DataReader reader, IBufferWriter<byte> output, PipeReader input)
    {
        var consumed = 0L;
        foreach (var segment in result.Buffer)
        {
            consumed += reader.Read(segment.Span, output);
            if (reader.IsEnded)
            {
                break;
            }
        }

        input.AdvanceTo(result.Buffer.GetPosition(consumed));
    }
}
