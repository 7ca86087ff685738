using System.Buffers;
using System.Text;
using Relay.Smtp.Server;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Tests.Server;

/// <summary>One mail on its way into a <see cref="MailCollector"/>.</summary>
internal sealed class CollectedDelivery(MailCollector collector, SmtpClientInfo client, MailTransaction transaction) : IMailDelivery
{
    private readonly StringBuilder _content = new();

    public ValueTask WriteAsync(ReadOnlySequence<byte> content, CancellationToken ct)
    {
        if (MailCollector.Names(transaction, "crash-write"))
        {
            throw new InvalidOperationException("crash-write");
        }

        collector.Take(content.Length);
        _content.Append(Encoding.Latin1.GetString(content));
        return ValueTask.CompletedTask;
    }

    public async ValueTask<SmtpReply> CommitAsync(CancellationToken ct)
    {
        if (MailCollector.Names(transaction, "crash-commit"))
        {
            throw new InvalidOperationException("crash-commit");
        }

        await collector.Gate.WaitAsync(ct);
        var text = _content.ToString();
        var endOfTrace = EndOfFirstField(text);
        collector.Mails.Enqueue(new ReceivedMail(client, transaction, text[..endOfTrace], text[endOfTrace..]));
        return SmtpReplies.Make(250, 2, 0, 0, $"accepted id=<{transaction.Id}>");
    }

    public async ValueTask<IReadOnlyList<SmtpReply>> CommitEachAsync(CancellationToken ct)
    {
        var reply = await CommitAsync(ct);
        return [.. transaction.Recipients.Select(r => r.Address.LocalPart == "full" ? SmtpReplies.Make(452, 4, 2, 2, "mailbox full") : reply)];
    }

    public ValueTask DisposeAsync()
    {
        collector.End();
        return ValueTask.CompletedTask;
    }

    private static int EndOfFirstField(string text)
    {
        var at = 0;
        do
        {
            at = text.IndexOf("\r\n", at, StringComparison.Ordinal) + 2;
        }
        while (at < text.Length && text[at] is ' ' or '\t');

        return at;
    }
}
