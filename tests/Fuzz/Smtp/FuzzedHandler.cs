using System.Buffers;
using Relay.Smtp.Authentication;
using Relay.Smtp.Server;
using Relay.Wire.Smtp;

namespace Relay.Fuzz.Smtp;

/// <summary>An application that keeps mails, refuses some recipients and fails for others, as the seeds' addresses have it.</summary>
internal sealed class FuzzedHandler : IMailHandler, ISmtpAuthenticator
{
    private static readonly ScramCredentials Joe = ScramCredentials.Create("secret", "0123456789abcdef"u8);

    /// <summary>What was committed.</summary>
    public List<byte[]> Mails { get; } = [];

    /// <summary>How many were named.</summary>
    public int Recipients { get; private set; }

    /// <summary>Deliveries that were begun and are not disposed.</summary>
    public int Open { get; private set; }

    public ValueTask<SmtpReply> SenderAsync(SmtpClientInfo client, MailParameters mail, CancellationToken ct) =>
        mail.ReversePath?.LocalPart == "crash-sender" ? throw new InvalidOperationException() : new(SmtpReplies.SenderOk);

    public ValueTask<SmtpReply> RecipientAsync(SmtpClientInfo client, MailParameters mail, RecipientParameters recipient, CancellationToken ct)
    {
        Recipients++;
        return new(recipient.Address.LocalPart == "unknown" ? SmtpReplies.Make(550, 5, 1, 1, "no such mailbox") : SmtpReplies.RecipientOk);
    }

    public ValueTask<IMailDelivery> BeginAsync(SmtpClientInfo client, MailTransaction transaction, CancellationToken ct)
    {
        Open++;
        return new(new Delivery(this, transaction.Recipients[0].Address.LocalPart));
    }

    public ValueTask<bool> HasAccountsAsync() => new(true);

    public bool TakesLong => false;

    public bool MayTry(SmtpClientInfo client, string account) => account != "eve";

    public void Tell(SmtpClientInfo client, string account, bool isProven)
    {
        // Nothing is counted across sessions here.
    }

    public ValueTask<bool> CheckPasswordAsync(SmtpClientInfo client, string account, string password, CancellationToken ct) =>
        new((account, password) == ("joe", "secret"));

    public ValueTask<ScramCredentials?> FindScramAsync(SmtpClientInfo client, string account, CancellationToken ct) =>
        new(account == "joe" ? Joe : null);

    private sealed class Delivery(FuzzedHandler handler, string recipient) : IMailDelivery
    {
        private readonly ArrayBufferWriter<byte> _content = new();

        public ValueTask WriteAsync(ReadOnlySequence<byte> content, CancellationToken ct)
        {
            if (recipient == "crash-write")
            {
                throw new InvalidOperationException();
            }

            foreach (var segment in content)
            {
                _content.Write(segment.Span);
            }

            return ValueTask.CompletedTask;
        }

        public bool CommitMayBlock => false;

        public ValueTask<SmtpReply> CommitAsync(CancellationToken ct)
        {
            if (recipient == "crash-commit")
            {
                throw new InvalidOperationException();
            }

            handler.Mails.Add(_content.WrittenSpan.ToArray());
            return new(SmtpReplies.Ok);
        }

        public ValueTask DisposeAsync()
        {
            handler.Open--;
            return ValueTask.CompletedTask;
        }
    }
}
