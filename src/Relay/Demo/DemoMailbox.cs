using System.Buffers;
using System.Threading.Channels;
using Relay.Smtp.Server;
using Relay.Wire.Smtp;

namespace Relay.Demo;

/// <summary>The subscriber's own mail server: takes every mail and keeps it in memory, in the order of arrival.</summary>
internal sealed class DemoMailbox : IMailHandler
{
    private readonly Channel<byte[]> _mails = Channel.CreateUnbounded<byte[]>();

    public ChannelReader<byte[]> Mails => _mails.Reader;

    public ValueTask<SmtpReply> SenderAsync(SmtpClientInfo client, MailParameters mail, CancellationToken ct) =>
        ValueTask.FromResult(SmtpReplies.SenderOk);

    public ValueTask<SmtpReply> RecipientAsync(
        SmtpClientInfo client, MailParameters mail, RecipientParameters recipient, CancellationToken ct) =>
        ValueTask.FromResult(SmtpReplies.RecipientOk);

    public ValueTask<IMailDelivery> BeginAsync(SmtpClientInfo client, MailTransaction transaction, CancellationToken ct) =>
        ValueTask.FromResult<IMailDelivery>(new Delivery(_mails.Writer));

    private sealed class Delivery(ChannelWriter<byte[]> mails) : IMailDelivery
    {
        private readonly ArrayBufferWriter<byte> _content = new();

        public ValueTask WriteAsync(ReadOnlySequence<byte> content, CancellationToken ct)
        {
            foreach (var piece in content)
            {
                _content.Write(piece.Span);
            }

            return ValueTask.CompletedTask;
        }

        public async ValueTask<SmtpReply> CommitAsync(CancellationToken ct)
        {
            await mails.WriteAsync(_content.WrittenSpan.ToArray(), ct);
            return SmtpReplies.Ok;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
