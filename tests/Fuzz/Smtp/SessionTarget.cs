using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Smtp.Server;
using Relay.Wire.Smtp;

namespace Relay.Fuzz.Smtp;

/// <summary>Whole sessions of the server, from the greeting to the client's leaving, in pieces of a size that the input decides.</summary>
internal sealed class SessionTarget : IFuzzTarget
{
    private const int MaxMail = 4096;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly X509Certificate2 Certificate = SelfSigned();

    // Replies to EHLO have no status (RFC 2034 §4).
    private static readonly string[] HelloRefusals = ["this is LMTP", "this is SMTP", "needs a domain", "too many errors", "too many commands"];

    public string Name => "smtp-session";

    public IReadOnlyList<byte[]> Seeds { get; } = SessionSeeds.All();

    public IReadOnlyList<string> Words { get; } =
    [
        "EHLO c\r\n", "HELO c\r\n", "LHLO c\r\n", "MAIL FROM:<a@c>\r\n", "RCPT TO:<one@mx.example>\r\n", "DATA\r\n", "\r\n.\r\n", "RSET\r\n", "BDAT 3\r\n", "BDAT 0 LAST\r\n",
        "STARTTLS\r\n", "AUTH PLAIN ", "AUTH LOGIN\r\n", "AGpvZQBzZWNyZXQ=\r\n", "*\r\n", "NOOP\r\n", "QUIT\r\n", "\n.\n", "\r.\r", " SIZE=5", " BODY=8BITMIME", " SMTPUTF8", " NOTIFY=NEVER",
        "BDAT 8192\r\n", "BDAT 8193 LAST\r\n", "BDAT 99999999999\r\n", "BDAT\t3\r\n", "PROXY TCP4 192.0.2.7 192.0.2.1 1 2\r\n", "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x07\xc0\0\x02\x01\x13\x88\0\x19",
        "POST / HTTP/1.1\r\n", "Host: x\r\n", "\x16\x03\x01", "AUTH PLAIN\r\n", " ORCPT=utf-8;", "crash-write", "crash-commit", "unknown", "\"a b\"", "[IPv6:::1]", "postmaster", "@x,@y:",
    ];

    public string Read(byte[] input)
    {
        var handler = new FuzzedHandler();
        var replies = Converse(input, handler, out var reason);
        Promise.Holds(reason is not null, "the session ends when the client has left");
        Promise.Holds(handler.Open == 0, "no delivery is left open");
        Promise.Holds(handler.Mails.Count <= PossibleEnds(input), "a mail ends with CRLF.CRLF or BDAT LAST and with nothing else");
        Promise.Holds(!input.AsSpan().StartsWith("POST /"u8) || handler.Recipients == 0 || IsLongLine(input), "the body of a request is not read");
        foreach (var mail in handler.Mails)
        {
            Promise.Holds(mail.AsSpan().StartsWith("Received: "u8), "our field is on top");
            // Each octet may have been a line end alone.
            Promise.Holds(mail.Length <= (Converts(input) ? 2 : 1) * MaxMail + 1024, "a mail is no bigger than the limit");
            Promise.Holds(HasWholeLineEnds(mail), "no CR or LF stands alone");
        }

        CheckReplies(replies);
        return handler.Mails.Count switch
        {
            0 when reason!.StartsWith("no TLS", StringComparison.Ordinal) => "a handshake",
            0 when reason.StartsWith("no PROXY", StringComparison.Ordinal) => "no PROXY header",
            0 when reason.StartsWith("552", StringComparison.Ordinal) => "a chunk too big",
            0 when handler.Recipients == 0 => "no recipient",
            0 => "a recipient, no mail",
            1 => "one mail",
            _ => "several mails",
        };
    }

    private static ReadOnlySequence<byte> Converse(byte[] input, FuzzedHandler handler, out string? reason)
    {
        var (toServer, toClient) = (MemoryPipe.Create(), MemoryPipe.Create());
        var (options, listener) = (Options(input, handler), Listener(input));
        var trace = new SessionTrace(new TraceSwitch { Networks = [new IPNetwork(IPAddress.Any, 0)] }, NullLogger.Instance, "1") { Client = IPAddress.Loopback };
        var channel = new SessionChannel(new MemoryPipe(toServer.Reader, toClient.Writer), new SessionDeadline(TimeProvider.System), trace);
        var state = new SessionState(IPAddress.Loopback, listener.Protocol);
        var context = new SessionContext(options, listener, handler, TimeProvider.System, NullLogger.Instance, channel, state, new SessionPlace(new SessionTable(options.Limits)), default, "1");
        var session = ServeAsync(context);
        Say(toServer.Writer, input);
        // All of it happens on this thread but a handshake, which never comes to its end.
        reason = session.Wait(Patience) ? session.GetAwaiter().GetResult() : null;
        state.EndMailAsync().AsTask().GetAwaiter().GetResult();
        toClient.Writer.Complete();
        return toClient.Reader.TryRead(out var result) ? result.Buffer : default;
    }

    private static SmtpServerOptions Options(byte[] input, FuzzedHandler handler)
    {
        var options = new SmtpServerOptions
        {
            MaxMessageBytes = MaxMail,
            Authenticator = handler,
            AllowAuthInTheClear = true,
            NewId = () => "id",
            BareLineEnds = Converts(input) ? BareLineEnds.Convert : BareLineEnds.Refuse,
        };
        options.Limits.ErrorDelay = TimeSpan.Zero;
        options.Identity.Set(Certificate, []);
        return options;
    }

    private static SmtpListenerOptions Listener(byte[] input)
    {
        var listener = new SmtpListenerOptions
        {
            Protocol = input.Length % 4 == 0 ? SmtpProtocol.Lmtp : SmtpProtocol.Smtp,
            Tls = input.Length % 5 == 0 ? SmtpTlsMode.StartTls : SmtpTlsMode.None,
        };
        listener.XclientNetworks.Add(new IPNetwork(IPAddress.Loopback, 32));
        if (input.AsSpan().StartsWith("PRO"u8) || input.AsSpan().StartsWith("\r\n\r"u8))
        {
            listener.ProxyNetworks.Add(new IPNetwork(IPAddress.Loopback, 32));
        }

        return listener;
    }

    private static async Task<string> ServeAsync(SessionContext session)
    {
        try
        {
            var client = await ProxiedAddress.ReadAsync(session.Channel, IPAddress.Loopback, session.Listener, Patience, CancellationToken.None);
            return client is null
                ? "no PROXY header"
                : (await new SmtpSession(session).RunAsync(CancellationToken.None))?.ToString() ?? "the client left";
        }
        catch (ConnectionLostException e)
        {
            return e.Message;
        }
    }

    private static bool Converts(byte[] input) => input.Length % 3 == 0;

    // What is too long for a line is not kept, and so not known for another protocol's.
    private static bool IsLongLine(ReadOnlySpan<byte> input) => input.IndexOf((byte)'\n') is < 0 or > 2000;

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=mx.example", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }

    private static void Say(PipeWriter writer, byte[] input)
    {
        var piece = 1 + (input.Length * 31 % 97);
        for (int at = 0, length; at < input.Length; at += length)
        {
            length = Math.Min(piece, input.Length - at);
            // Octets in the same piece end the session, so that chance begins hardly a handshake.
            var command = input.Length % 2 == 0 ? input.AsSpan(at, length).IndexOf("STARTTLS\r\n"u8) : -1;
            length = command < 0 ? length : command + "STARTTLS\r\n"u8.Length;
            writer.Write(input.AsSpan(at, length));
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
            Promise.Holds(reply.Code is not (>= 400 and < 600) || reply.Status is not null || HelloRefusals.Any(text => reply.Text.StartsWith(text, StringComparison.Ordinal)), "each refusal has a status");
        }
    }
}
