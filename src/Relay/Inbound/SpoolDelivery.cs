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
    private readonly Pressure _pressure;
    private readonly SmtpClientInfo _client;
    private readonly MailTransaction _transaction;
    private readonly string _mailId;
    private readonly InboundMeters _meters;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly MailContentWriter _content;
    private readonly IncomingHeader _header = new();
    private readonly bool _isFinal;
    private bool _isHeaderWritten;
    private SmtpReply? _refusal;
    private bool _isOver;

    /// <param name="store">Where to.</param>
    /// <param name="pressure">Told how much comes, and how long it takes.</param>
    /// <param name="client">Who hands it over.</param>
    /// <param name="transaction">Its envelope.</param>
    /// <param name="isFinal">
    /// Nothing of it goes on to another server. Then, and only then, the reverse-path is stamped on top (RFC 5321 §4.4), and one that stands in the
    /// mail already is taken out.
    /// </param>
    /// <param name="hostName">Ours, for the id.</param>
    /// <param name="meters">Counts replies.</param>
    /// <param name="time">For when it was received.</param>
    /// <param name="logger">One line a mail.</param>
    public SpoolDelivery(
        IStore store,
        Pressure pressure,
        SmtpClientInfo client,
        MailTransaction transaction,
        bool isFinal,
        string hostName,
        InboundMeters meters,
        TimeProvider time,
        ILogger logger)
    {
        _store = store;
        _pressure = pressure;
        _client = client;
        _transaction = transaction;
        _mailId = $"{transaction.Id}@{hostName}";
        _meters = meters;
        _time = time;
        _logger = logger;
        _content = store.MailFiles.Create();
        _isFinal = isFinal;
        pressure.Expect(Announced);
    }

    // Whatever waits for the disk does so on a thread of its own.
    public bool CommitMayBlock => false;

    private long Announced => _transaction.Mail.Size ?? 0;

    public async ValueTask WriteAsync(ReadOnlySequence<byte> content, CancellationToken ct)
    {
        if (_refusal is not null)
        {
            return; // The client hears of it where it listens, behind its last octet.
        }

        try
        {
            await WriteContentAsync(content, ct);
        }
        catch (StoreUnavailableException exception)
        {
            _refusal = Refuse(exception);
            await _content.DisposeAsync(); // the room is wanted
        }
    }

    private async ValueTask WriteContentAsync(ReadOnlySequence<byte> content, CancellationToken ct)
    {
        var body = _header.IsComplete ? content : _header.Take(content);
        if (_header.IsComplete)
        {
            await WriteHeaderAsync(ct);
            await _content.WriteAsync(body, ct);
        }
    }

    private async ValueTask WriteHeaderAsync(CancellationToken ct)
    {
        if (!_isHeaderWritten)
        {
            _isHeaderWritten = true;
            await _content.WriteAsync(new(_isFinal ? _header.Stamped(_transaction.Mail.ReversePath?.ToString()) : _header.AsItCame()), ct);
        }
    }

    public async ValueTask<SmtpReply> CommitAsync(CancellationToken ct)
    {
        using var stage = StageTraces.Begin("accept", _mailId);
        var reply = _refusal ?? await StoreAsync(ct);
        stage?.SetTag("smtp.reply", reply.Code);
        _meters.Mail(reply);
        return reply;
    }

    private async Task<SmtpReply> StoreAsync(CancellationToken ct)
    {
        bool isStored = false;
        try
        {
            await WriteHeaderAsync(ct); // of a mail that has no body
            var mail = new NewSpooledMail(
                _time.GetUtcNow(),
                _mailId,
                _transaction.Mail.ReversePath?.ToString(),
                [.. _transaction.Recipients.Select(recipient => recipient.Address.ToString())],
                Origins.Of(_client),
                await _content.CompleteAsync(ct))
            {
                Wishes = ReportWishes.Of(_transaction.Mail, _transaction.Recipients),
            };
            await SpoolAsync(mail, ct);
            isStored = true;
            InboundLog.Accepted(_logger, mail.MailId, _client.Address, _content.Length);
            return SmtpReplies.Make(250, 2, 0, 0, $"accepted id={_header.Told(mail.MailId)}");
        }
        catch (TimeoutException)
        {
            InboundLog.StandsStill(_logger, _transaction.Id); // its row may still come, so what it names stays
            return SmtpReplies.StoreDown;
        }
        catch (StoreUnavailableException exception)
        {
            _content.Abandon(); // no row names it
            return Refuse(exception);
        }
        catch (OperationCanceledException)
        {
            throw; // as after the time: its row may still come
        }
        catch when (!isStored)
        {
            _content.Abandon(); // the client is told to come again, and what it then brings is another file
            throw;
        }
    }

    private SmtpReply Refuse(StoreUnavailableException exception)
    {
        InboundLog.StoreUnavailable(_logger, exception.Fault, exception);
        return exception.Fault == StoreFault.Full ? SmtpReplies.StoreFull : SmtpReplies.StoreDown;
    }

    // What is being written cannot be called back, but nobody has to wait for it.
    private async Task SpoolAsync(NewSpooledMail mail, CancellationToken ct)
    {
        var begun = _pressure.Begin();
        try
        {
            await _store.SpoolAsync(mail, ct).WaitAsync(Pressure.Patience, _time, ct);
        }
        finally
        {
            _pressure.End(begun);
        }
    }

    public ValueTask DisposeAsync()
    {
        if (!_isOver)
        {
            _isOver = true;
            _pressure.Come(Announced, _content.Length);
        }

        return _content.DisposeAsync();
    }
}
