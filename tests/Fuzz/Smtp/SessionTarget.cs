using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Smtp.Server;
using Relay.Wire.Smtp;

namespace Relay.Fuzz.Smtp;

/// <summary>Whole sessions of the server, from the greeting to the client's leaving, in pieces of a size that the input decides.</summary>
internal sealed class SessionTarget : IFuzzTarget
{
    private const int MaxMail = 4096;

    public string Name => "smtp-session";

    public IReadOnlyList<byte[]> Seeds { get; } = SessionSeeds.All();

    public IReadOnlyList<string> Words { get; } =
    [
        "EHLO c\r\n", "HELO c\r\n", "LHLO c\r\n", "MAIL FROM:<a@c>\r\n", "RCPT TO:<one@mx.example>\r\n", "DATA\r\n", "\r\n.\r\n", "RSET\r\n", "BDAT 3\r\n", "BDAT 0 LAST\r\n",
        "STARTTLS\r\n", "AUTH PLAIN ", "AUTH LOGIN\r\n", "AGpvZQBzZWNyZXQ=\r\n", "*\r\n", "NOOP\r\n", "QUIT\r\n", "\n.\n", "\r.\r", " SIZE=5", " BODY=8BITMIME", " SMTPUTF8", " NOTIFY=NEVER",
        "crash-write", "crash-commit", "unknown", "\"a b\"", "[IPv6:::1]", "postmaster", "@x,@y:",
    ];

    public string Read(byte[] input)
    {
        var handler = new FuzzedHandler();
        var replies = Converse(input, handler, out var reason);
        Promise.Holds(reason is not null, "the session ends when the client has left");
        Promise.Holds(handler.Open == 0, "no delivery is left open");
        Promise.Holds(handler.Mails.Count <= PossibleEnds(input), "a mail ends with CRLF.CRLF or BDAT LAST and with nothing else");
        foreach (var mail in handler.Mails)
        {
            Promise.Holds(mail.AsSpan().StartsWith("Received: "u8), "our field is on top");
            Promise.Holds(mail.Length <= MaxMail + 1024, "a mail is no bigger than the limit");
            Promise.Holds(HasWholeLineEnds(mail), "no CR or LF stands alone");
        }

        CheckReplies(replies);
        return handler.Mails.Count switch { 0 when handler.Recipients == 0 => "no recipient", 0 => "a recipient, no mail", 1 => "one mail", _ => "several mails" };
    }

    private static ReadOnlySequence<byte> Converse(byte[] input, FuzzedHandler handler, out string? reason)
    {
        var (toServer, toClient) = (MemoryPipe.Create(), MemoryPipe.Create());
        var options = new SmtpServerOptions { MaxMessageBytes = MaxMail, Authenticator = handler, AllowAuthInTheClear = true, NewId = () => "id" };
        options.Limits.ErrorDelay = TimeSpan.Zero;
        var listener = new SmtpListenerOptions { Protocol = input.Length % 4 == 0 ? SmtpProtocol.Lmtp : SmtpProtocol.Smtp };
        listener.XclientNetworks.Add(new IPNetwork(IPAddress.Loopback, 32));
        var trace = new SessionTrace(new TraceSwitch { Networks = [new IPNetwork(IPAddress.Any, 0)] }, NullLogger.Instance, "1") { Client = IPAddress.Loopback };
        var channel = new SessionChannel(new MemoryPipe(toServer.Reader, toClient.Writer), new SessionDeadline(TimeProvider.System), trace);
        var state = new SessionState(IPAddress.Loopback, listener.Protocol);
        var context = new SessionContext(options, listener, handler, TimeProvider.System, NullLogger.Instance, channel, state, new SessionPlace(new SessionTable(options.Limits)), default, "1");
        var session = new SmtpSession(context).RunAsync(CancellationToken.None);
        Say(toServer.Writer, input);
        reason = session.IsCompleted ? session.GetAwaiter().GetResult()?.ToString() ?? "the client left" : null;
        state.EndMailAsync().AsTask().GetAwaiter().GetResult();
        toClient.Writer.Complete();
        return toClient.Reader.TryRead(out var result) ? result.Buffer : default;
    }

    private static void Say(PipeWriter writer, byte[] input)
    {
        var piece = 1 + (input.Length * 31 % 97);
        for (var at = 0; at < input.Length; at += piece)
        {
            writer.Write(input.AsSpan(at, Math.Min(piece, input.Length - at)));
            var flushed = writer.FlushAsync();
            Promise.Holds(flushed.IsCompleted, "the server reads on");
        }

        writer.Complete();
    }

    private static int PossibleEnds(ReadOnlySpan<byte> input)
    {
        var ends = 0;
        for (var i = 0; i < input.Length; i++)
        {
            ends += input[i..].StartsWith("\r\n.\r\n"u8) || (input.Length - i >= 4 && System.Text.Ascii.EqualsIgnoreCase(input.Slice(i, 4), "LAST"u8)) ? 1 : 0;
        }

        return ends;
    }

    private static bool HasWholeLineEnds(ReadOnlySpan<byte> mail)
    {
        var reader = new ChunkReader(int.MaxValue);
        reader.Read(mail);
        reader.End();
        return !reader.HasBareLineEnd;
    }

    private static void CheckReplies(ReadOnlySequence<byte> replies)
    {
        while (!replies.IsEmpty)
        {
            Promise.Holds(SmtpReplyReader.TryRead(ref replies, out var reply) == SmtpReadStatus.Done, "replies are replies");
            Promise.Holds(reply!.Status is null || reply.Status.Value.Class == reply.Code / 100, "status and code agree");
            Promise.Holds(reply.Code is not (>= 400 and < 600) || reply.Status is not null, "each refusal has a status");
        }
    }
}
