using System.Buffers;
using Relay.Smtp.Server;
using Relay.Wire.Smtp;

namespace Relay.Benchmarks.Smtp;

/// <summary>Takes everything and keeps nothing: what the server itself costs.</summary>
internal class DiscardHandler : IMailHandler, IMailDelivery
{
    public ValueTask<SmtpReply> SenderAsync(SmtpClientInfo client, MailParameters mail, CancellationToken ct) => new(SmtpReplies.SenderOk);

    public ValueTask<SmtpReply> RecipientAsync(SmtpClientInfo client, MailParameters mail, RecipientParameters recipient, CancellationToken ct) =>
        new(SmtpReplies.RecipientOk);

    public virtual ValueTask<IMailDelivery> BeginAsync(SmtpClientInfo client, MailTransaction transaction, CancellationToken ct) => new(this);

    public virtual ValueTask WriteAsync(ReadOnlySequence<byte> content, CancellationToken ct) => ValueTask.CompletedTask;

    public virtual ValueTask<SmtpReply> CommitAsync(CancellationToken ct) => new(SmtpReplies.Ok);

    public virtual bool CommitMayBlock => false;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
