using System.Buffers;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>
/// One mail while its content comes in: stamps it, counts it, hands it on in pieces, and remembers the first thing that went wrong.
/// Once something has, content is read and dropped, and the delivery is gone.
/// </summary>
internal sealed class MailReception : IAsyncDisposable
{
    private readonly SessionContext _session;
    private readonly MailTransaction _transaction;
    private readonly PooledWriter _buffer = new(4096);
    private IMailDelivery? _delivery;

    private MailReception(SessionContext session, MailTransaction transaction)
    {
        _session = session;
        _transaction = transaction;
    }

    /// <summary>Why the mail will be refused; null as long as it will not.</summary>
    public SmtpReply? Refusal { get; private set; }

    /// <summary>Octets that came, for the trace.</summary>
    public long Length { get; set; }

    /// <summary>Where decoded content goes before <see cref="PassOnAsync"/>.</summary>
    public IBufferWriter<byte> Buffer => _buffer;

    public static async ValueTask<MailReception> BeginAsync(SessionContext session, CancellationToken ct)
    {
        var mail = new MailReception(session, session.State.ToTransaction(session.Options.NewId()));
        try
        {
            mail._delivery = await session.Handler.BeginAsync(session.State.Client, mail._transaction, ct);
            TraceField.Write(session, mail._transaction, mail._buffer);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            mail.Fail(e);
        }

        return mail;
    }

    /// <summary>Notes a refusal; the first one stands.</summary>
    public async ValueTask RefuseAsync(SmtpReply reply)
    {
        Refusal ??= reply;
        await DropAsync();
    }

    /// <summary>Hands on what is in the buffer.</summary>
    public async ValueTask PassOnAsync(CancellationToken ct)
    {
        var content = new ReadOnlySequence<byte>(_buffer.Written);
        try
        {
            if (_delivery is not null && !content.IsEmpty)
            {
                await _delivery.WriteAsync(content, ct);
            }
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            Fail(e);
            await DropAsync();
        }
        finally
        {
            _buffer.Clear();
        }
    }

    /// <summary>
    /// The content is complete: the reply after the final dot or the last chunk. In LMTP it is the last recipient's, and those of
    /// the others are written already.
    /// </summary>
    public async ValueTask<SmtpReply> CommitAsync(CancellationToken ct)
    {
        if (_session.Listener.Protocol != SmtpProtocol.Lmtp)
        {
            return await TryCommitAsync(static (delivery, token) => delivery.CommitAsync(token), Refusal ?? SmtpReplies.StoreDown, ct);
        }

        var replies = await TryCommitAsync<IReadOnlyList<SmtpReply>>(
            static (delivery, token) => delivery.CommitEachAsync(token), [Refusal ?? SmtpReplies.StoreDown], ct);
        for (var i = 0; i < _transaction.Recipients.Count - 1; i++)
        {
            _session.Channel.Write(replies[Math.Min(i, replies.Count - 1)]);
        }

        return replies[^1];
    }

    public async ValueTask DisposeAsync()
    {
        await DropAsync();
        _buffer.Dispose();
    }

    private async ValueTask<T> TryCommitAsync<T>(Func<IMailDelivery, CancellationToken, ValueTask<T>> commit, T otherwise, CancellationToken ct)
    {
        if (Refusal is not null || _delivery is null)
        {
            return otherwise;
        }

        // The thread that reads for this session reads for others too.
        if (_delivery.CommitMayBlock)
        {
            await Task.Yield();
        }

        try
        {
            return await commit(_delivery, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            Fail(e);
            return otherwise;
        }
    }

    // RFC 5321 §4.2.5 leaves the choice: trouble that is ours is 4yz, or a full disk would bounce mail.
    private void Fail(Exception e)
    {
        ServerLog.StoreFailed(_session.Log, e, _session.SessionId, _transaction.Id);
        Refusal ??= SmtpReplies.StoreDown;
    }

    private async ValueTask DropAsync()
    {
        var delivery = _delivery;
        _delivery = null;
        if (delivery is null)
        {
            return;
        }

        try
        {
            await delivery.DisposeAsync();
        }
        catch (Exception e)
        {
            ServerLog.StoreFailed(_session.Log, e, _session.SessionId, _transaction.Id);
        }
    }
}
