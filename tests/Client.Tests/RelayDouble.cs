using System.Buffers;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Smtp.Client;
using Relay.Smtp.Server;
using Relay.TestKit;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;
using Relay.Wire.Soap;

namespace Relay.Client.Tests;

/// <summary>
/// A relay without an Exchange: takes requests over real SMTP and says to the client, over real SMTP, what the test wants said. Both
/// directions go through the product's codecs.
/// </summary>
internal sealed class RelayDouble : IMailHandler, IAsyncDisposable
{
    public static readonly MailAddress Ews = Address("ews@localhost");
    public static readonly MailAddress Calendar = Address("calendar@localhost");
    public static readonly MailAddress App = Address("app@localhost");

    private readonly Channel<SoapMailRequest> _requests = Channel.CreateUnbounded<SoapMailRequest>();
    private readonly SmtpServer _server;
    private int _mails;

    private RelayDouble()
    {
        var options = new SmtpServerOptions();
        options.Listeners.Add(new SmtpListenerOptions { Port = 0 });
        _server = new SmtpServer(options, this, TimeProvider.System, NullLoggerFactory.Instance);
    }

    public int Port => _server.EndPoints[0].Port;

    /// <summary>Where the client listens.</summary>
    public int ClientPort { get; set; }

    /// <summary>Runs before the request's 250, so that what it sends overtakes that reply.</summary>
    public Func<SoapMailRequest, Task> BeforeReply { get; set; } = _ => Task.CompletedTask;

    public SmtpReply Reply { get; set; } = SmtpReplies.Ok;

    public static async Task<RelayDouble> StartAsync()
    {
        var relay = new RelayDouble();
        await relay._server.StartAsync(CancellationToken.None);
        return relay;
    }

    public static MailAddress Address(string text) =>
        MailAddress.TryParse(text, out MailAddress? address) ? address : throw new ArgumentException(text);

    public async Task<SoapMailRequest> RequestAsync() =>
        await Eventually.CompletesAsync(_requests.Reader.ReadAsync().AsTask(), "a request");

    public Task<DeliveryOutcome> AnswerAsync(SoapMailRequest request, byte[] envelope) => SendAsync(Compose(envelope) with
    {
        Subject = MailBinding.ReplySubject(request.SubjectRaw),
        InReplyTo = request.AnswersTo,
        AutoSubmitted = "auto-replied",
    });

    public SoapMail Compose(byte[] envelope) => new()
    {
        From = Ews,
        To = App,
        Subject = "NewMail in ann@corp.example/inbox",
        MessageId = $"<{Interlocked.Increment(ref _mails)}@relay.example>",
        Date = TimeProvider.System.GetUtcNow(),
        AutoSubmitted = "auto-generated",
        Layout = SoapLayout.Flat,
        MediaType = "text/xml",
        Envelope = envelope,
    };

    public Task<DeliveryOutcome> SendAsync(SoapMail mail) => SendAsync(mail.To, MailBinding.Compose(mail));

    public async Task<DeliveryOutcome> SendAsync(MailAddress to, byte[] content)
    {
        var options = new SmtpClientOptions { Host = "127.0.0.1", Port = ClientPort, Tls = SmtpClientTls.None };
        SmtpConnectResult connected = await SmtpConnection.ConnectAsync(options, TimeProvider.System, CancellationToken.None);
        if (connected is SmtpConnectResult.Failed failed)
        {
            return failed.Outcome;
        }
        await using SmtpConnection connection = Assert.IsType<SmtpConnectResult.Connected>(connected).Connection;
        return (await connection.SendAsync(new MailEnvelope(null, [to]), content, CancellationToken.None))[0];
    }

    public ValueTask<SmtpReply> SenderAsync(SmtpClientInfo client, MailParameters mail, CancellationToken ct) => new(SmtpReplies.SenderOk);

    public ValueTask<SmtpReply> RecipientAsync(
        SmtpClientInfo client, MailParameters mail, RecipientParameters recipient, CancellationToken ct) =>
        new(recipient.Address.IsSameMailbox(Ews) || recipient.Address.IsSameMailbox(Calendar)
            ? SmtpReplies.RecipientOk
            : SmtpReplies.Make(550, 5, 1, 1, "no such service"));

    public ValueTask<IMailDelivery> BeginAsync(SmtpClientInfo client, MailTransaction transaction, CancellationToken ct) =>
        new(new Delivery(this));

    public Task StopAsync() => _server.StopAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task<SmtpReply> TakeAsync(ReadOnlyMemory<byte> mail)
    {
        var read = Assert.IsType<MimeReadResult.Read>(MimeReader.Read(mail, new MimeLimits()));
        SoapMailRequest request = Assert.IsType<SoapMailReadResult.Found>(MailBinding.Read(read.Root, new MimeLimits())).Request;
        await BeforeReply(request);
        _requests.Writer.TryWrite(request);
        return Reply;
    }

    private sealed class Delivery(RelayDouble relay) : IMailDelivery
    {
        private readonly ArrayBufferWriter<byte> _content = new();

        public ValueTask WriteAsync(ReadOnlySequence<byte> content, CancellationToken ct)
        {
            _content.Write(content.ToArray());
            return default;
        }

        public async ValueTask<SmtpReply> CommitAsync(CancellationToken ct) => await relay.TakeAsync(_content.WrittenMemory);

        public ValueTask DisposeAsync() => default;
    }
}
