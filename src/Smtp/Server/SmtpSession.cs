using System.Buffers;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>One conversation: read a command, hold it against the order and the limits, do it, answer (RFC 5321 §4.3.1).</summary>
internal sealed class SmtpSession(SessionContext session)
{
    // One object for the session, so that reading a command makes none.
    private readonly Func<ReadOnlySequence<byte>, SmtpCommand> _parse = line =>
        SmtpCommandReader.Read(line.IsSingleSegment ? line.FirstSpan : line.ToArray(), session.Offered);

    /// <summary>Talks until one side ends it; the result is the reply by which we did, null where the client left.</summary>
    /// <param name="ct">The server gives up on sessions that will not end.</param>
    public async Task<SmtpReply?> RunAsync(CancellationToken ct)
    {
        var channel = session.Channel;
        // RFC 5321 §4.3.1: the client waits for the greeting.
        channel.Write(session.Greeting);
        while (true)
        {
            channel.Deadline.Set(session.Limits.IdleTimeout);
            var (input, command) = await channel.ReadLineAsync(session.Limits.CommandLineBytes, _parse, ct);
            channel.Deadline.Clear();
            if (input == SessionInput.Closed)
            {
                return null;
            }

            var reply = await AnswerAsync(input, command, ct);
            // The store may have answered on its own thread, for which other sessions wait.
            await session.Thread;
            if (reply is null)
            {
                // TLS is on and the client speaks next; or it has gone, which the next read finds.
                continue;
            }

            reply = Marked(command, await JudgeAsync(command, reply, ct));
            channel.Write(reply);
            if (reply.ClosesConnection)
            {
                channel.Deadline.Set(session.Limits.IdleTimeout);
                await channel.FlushAsync(ct);
                return reply;
            }
        }
    }

    private async ValueTask<SmtpReply?> AnswerAsync(SessionInput input, SmtpCommand? command, CancellationToken ct) => input switch
    {
        SessionInput.Ready when command is not null => await ExecuteAsync(command, ct),
        SessionInput.TimedOut => SmtpReplies.TimedOut,
        SessionInput.Stopping => SmtpReplies.ShuttingDown,
        SessionInput.LineTooLong => SmtpReplies.LineTooLong,
        SessionInput.ChunkLineTooLong => SmtpReplies.LineTooLong with { ClosesConnection = true },
        SessionInput.Foreign => SmtpReplies.NotSmtp,
        SessionInput.BareLineEnd => SmtpReplies.BareLineEnd,
        _ => null,
    };

    private async ValueTask<SmtpReply?> ExecuteAsync(SmtpCommand command, CancellationToken ct)
    {
        var outOfOrder = CommandOrder.Refusal(command.Verb, session.State.Phase);
        // A chunk has its octets behind it, whenever it comes; what ends the session does so too.
        if (outOfOrder is not null && command is not SmtpCommand.Chunk and not SmtpCommand.Refused { Reply.ClosesConnection: true })
        {
            return outOfOrder;
        }

        try
        {
            return command switch
            {
                SmtpCommand.Chunk chunk => await ChunkCommand.ExecuteAsync(session, chunk, outOfOrder, ct),
                SmtpCommand.Refused refused => refused.Reply,
                SmtpCommand.Hello hello => await HelloCommand.ExecuteAsync(session, hello),
                SmtpCommand.Mail mail => await TransactionCommands.MailAsync(session, mail.Parameters, ct),
                SmtpCommand.Recipient recipient => await TransactionCommands.RecipientAsync(session, recipient.Parameters, ct),
                SmtpCommand.Plain { Name: SmtpVerb.Data } => await DataCommand.ExecuteAsync(session, ct),
                SmtpCommand.Plain { Name: SmtpVerb.StartTls } => await StartTlsCommand.ExecuteAsync(session, ct),
                SmtpCommand.Authenticate authenticate => await AuthCommand.ExecuteAsync(session, authenticate, ct),
                SmtpCommand.Xclient xclient => await XclientCommand.ExecuteAsync(session, xclient.Attributes),
                SmtpCommand.Plain plain => await ExecutePlainAsync(plain.Name),
                _ => SmtpReplies.NotImplemented,
            };
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is not ConnectionLostException)
        {
            ServerLog.HandlerFailed(session.Log, e, session.SessionId, command.Verb.ToString());
            return SmtpReplies.StoreDown;
        }
    }

    // RFC 2034 §4: no status on any reply to HELO and EHLO, as the client does not know yet what is to be had.
    private static SmtpReply Marked(SmtpCommand? command, SmtpReply reply) =>
        command?.Verb is SmtpVerb.Helo or SmtpVerb.Ehlo or SmtpVerb.Lhlo && reply.Status is not null ? reply with { Status = null } : reply;

    private async ValueTask<SmtpReply> ExecutePlainAsync(SmtpVerb verb)
    {
        switch (verb)
        {
            case SmtpVerb.Rset:
                await session.State.EndMailAsync();
                return SmtpReplies.Ok;
            case SmtpVerb.Noop:
                return SmtpReplies.Ok;
            case SmtpVerb.Vrfy:
                return SmtpReplies.CannotVerify;
            case SmtpVerb.Help:
                return SmtpReplies.Make(214, 2, 0, 0, "see RFC 5321");
            case SmtpVerb.Quit:
                return SmtpReplies.Bye;
            default:
                return SmtpReplies.NotImplemented;
        }
    }

    /// <summary>Counts what was refused: an insistent client waits for its replies, and then loses the session.</summary>
    private async ValueTask<SmtpReply> JudgeAsync(SmtpCommand? command, SmtpReply reply, CancellationToken ct)
    {
        var state = session.State;
        var verb = command?.Verb ?? SmtpVerb.None;
        if (verb is SmtpVerb.Data or SmtpVerb.Bdat && reply.Code == 250 && state.Chunks is null)
        {
            state.Errors = 0;
            state.Commands = 0;
            return reply;
        }

        if (command is SmtpCommand.Chunk { Length: > 0 } or SmtpCommand.Recipient && reply.Code == 250)
        {
            // Part of a mail, whose size, time and recipients are limited, and no mail yet.
            return reply;
        }

        if (!reply.IsPositive)
        {
            ServerLog.Refused(session.Log, session.SessionId, verb.ToString(), reply.ToString());
        }

        if (++state.Commands > session.Limits.CommandsWithoutMail && !reply.ClosesConnection)
        {
            return SmtpReplies.TooManyCommands;
        }

        if (!reply.IsPermanent || reply.ClosesConnection)
        {
            return reply;
        }

        if (++state.Errors >= session.Limits.ErrorsPerSession)
        {
            return SmtpReplies.TooManyErrors;
        }

        if (state.Errors > session.Limits.ErrorsBeforeDelay && session.Limits.ErrorDelay > TimeSpan.Zero)
        {
            await session.Channel.DelayAsync(session.Limits.ErrorDelay, session.Time, ct);
        }

        return reply;
    }
}
