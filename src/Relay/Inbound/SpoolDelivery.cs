using System.Buffers;
using Microsoft.Extensions.Logging;
using Relay.Smtp.Server;
using Relay.Store;
using Relay.Wire.Smtp;

namespace Relay.Inbound;

/// <summary>
/// One mail on its way into the spool. The 250 is a promise (RFC 5321 §6.1), so it is given when the row is on stable storage; commits
/// of concurrent sessions share one fsync.
/// </summary>
internal sealed class SpoolDelivery : IMailDelivery
{
    private readonly IStore _store;
    private readonly SmtpClientInfo _client;
    private readonly MailTransaction _transaction;
    private readonly string _hostName;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly MailContentWriter _content;
    private readonly RequestIdScan _requestId = new();

    public SpoolDelivery(
        IStore store, SmtpClientInfo client, MailTransaction transaction, string hostName, TimeProvider time, ILogger logger)
    {
        _store = store;
        _client = client;
        _transaction = transaction;
        _hostName = hostName;
        _time = time;
        _logger = logger;
        _content = store.MailFiles.Create();
    }

    public async ValueTask WriteAsync(ReadOnlySequence<byte> content, CancellationToken ct)
    {
        _requestId.Take(content);
        await _content.WriteAsync(content, ct);
    }

    public async ValueTask<SmtpReply> CommitAsync(CancellationToken ct)
    {
        try
        {
            var mail = new NewSpooledMail(
                _time.GetUtcNow(),
                $"{_transaction.Id}@{_hostName}",
                _transaction.Mail.ReversePath?.ToString(),
                [.. _transaction.Recipients.Select(recipient => recipient.Address.ToString())],
                Origins.Of(_client),
                await _content.CompleteAsync(ct));
            await _store.SpoolAsync(mail, ct);
            InboundLog.Accepted(_logger, mail.MailId, _client.Address, _content.Length);
            return SmtpReplies.Make(250, 2, 0, 0, $"accepted id={_requestId.Told(mail.MailId)}");
        }
        catch (StoreUnavailableException exception)
        {
            InboundLog.StoreUnavailable(_logger, exception.Fault, exception);
            _content.Abandon(); // no row names it
            return exception.Fault == StoreFault.Full ? SmtpReplies.StoreFull : SmtpReplies.StoreDown;
        }
    }

    public ValueTask DisposeAsync() => _content.DisposeAsync();
}
