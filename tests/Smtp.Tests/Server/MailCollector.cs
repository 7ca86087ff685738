using System.Collections.Concurrent;
using Relay.Smtp.Server;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Tests.Server;

/// <summary>
/// An application behind the server: keeps what it gets. What it does to whom is in the local part: unknown is 550, busy is 451,
/// and crash-sender, crash-recipient, crash-begin, crash-write and crash-commit throw there.
/// </summary>
internal sealed class MailCollector : IMailHandler
{
    private int _begun;
    private long _written;

    public ConcurrentQueue<ReceivedMail> Mails { get; } = new();

    /// <summary>Deliveries that were begun and are not disposed.</summary>
    public int Open => Volatile.Read(ref _begun);

    /// <summary>Octets that were handed over so far, of all mails.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>Holds every commit until it is completed.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public ValueTask<SmtpReply> SenderAsync(SmtpClientInfo client, MailParameters mail, CancellationToken ct) =>
        mail.ReversePath?.LocalPart switch
        {
            // As a store on a disk that is gone would.
            "crash-sender" => throw new IOException("crash-sender"),
            "refused" => new(SmtpReplies.Make(550, 5, 7, 1, "not from you")),
            _ => new(SmtpReplies.SenderOk),
        };

    public ValueTask<SmtpReply> RecipientAsync(SmtpClientInfo client, MailParameters mail, RecipientParameters recipient, CancellationToken ct) =>
        recipient.Address.LocalPart switch
        {
            "crash-recipient" => throw new InvalidOperationException("crash-recipient"),
            "unknown" => new(SmtpReplies.Make(550, 5, 1, 1, "no such mailbox")),
            "busy" => new(SmtpReplies.Make(451, 4, 2, 1, "mailbox busy")),
            _ => new(SmtpReplies.RecipientOk),
        };

    public ValueTask<IMailDelivery> BeginAsync(SmtpClientInfo client, MailTransaction transaction, CancellationToken ct)
    {
        if (Names(transaction, "crash-begin"))
        {
            throw new InvalidOperationException("crash-begin");
        }

        Interlocked.Increment(ref _begun);
        return new(new CollectedDelivery(this, client, transaction));
    }

    internal static bool Names(MailTransaction transaction, string localPart) =>
        transaction.Recipients.Any(recipient => recipient.Address.LocalPart == localPart);

    internal void Take(long octets) => Interlocked.Add(ref _written, octets);

    internal void End() => Interlocked.Decrement(ref _begun);
}
