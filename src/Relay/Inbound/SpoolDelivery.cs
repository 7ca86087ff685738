using System.Buffers;
using System.Text;
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
    private readonly InboundMeters _meters;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly MailContentWriter _content;
    private readonly RequestIdScan _requestId = new();
    private bool _needsReturnPath;

    /// <param name="store">Where to.</param>
    /// <param name="client">Who hands it over.</param>
    /// <param name="transaction">Its envelope.</param>
    /// <param name="isFinal">
    /// Nothing of it goes on to another server. Then, and only then, the reverse-path is stamped on top (RFC 5321 §4.4); one that stands in the
    /// mail already is below it, and read by nobody.
    /// </param>
    /// <param name="hostName">Ours, for the id.</param>
    /// <param name="meters">Counts replies.</param>
    /// <param name="time">For when it was received.</param>
    /// <param name="logger">One line a mail.</param>
    public SpoolDelivery(
        IStore store,
        SmtpClientInfo client,
        MailTransaction transaction,
        bool isFinal,
        string hostName,
        InboundMeters meters,
        TimeProvider time,
        ILogger logger)
    {
        _store = store;
        _client = client;
        _transaction = transaction;
        _hostName = hostName;
        _meters = meters;
        _time = time;
        _logger = logger;
        _content = store.MailFiles.Create();
        _needsReturnPath = isFinal;
    }

    // Whatever waits for the disk does so on a thread of its own.
    public bool CommitMayBlock => false;

    public async ValueTask WriteAsync(ReadOnlySequence<byte> content, CancellationToken ct)
    {
        if (_needsReturnPath)
        {
            _needsReturnPath = false;
            await _content.WriteAsync(new(Encoding.UTF8.GetBytes($"Return-Path: <{_transaction.Mail.ReversePath}>\r\n")), ct);
        }

        _requestId.Take(content);
        await _content.WriteAsync(content, ct);
    }

    public async ValueTask<SmtpReply> CommitAsync(CancellationToken ct)
    {
        var reply = await StoreAsync(ct);
        _meters.Mail(reply);
        return reply;
    }

    private async Task<SmtpReply> StoreAsync(CancellationToken ct)
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
