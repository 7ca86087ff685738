using System.Buffers;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>A mail that comes in chunks, between one BDAT and the next.</summary>
internal sealed class ChunkedMail : IAsyncDisposable
{
    private readonly SessionContext _session;
    private readonly MailReception _mail;
    private readonly ChunkReader _reader;
    private readonly LineEndConverter? _converter;

    private ChunkedMail(SessionContext session, MailReception mail)
    {
        _session = session;
        _mail = mail;
        Deadline = new ContentDeadline(session.Channel.Deadline, session.Limits);
        _reader = new ChunkReader(session.Limits.TextLineBytes);
        _converter = session.Options.BareLineEnds == BareLineEnds.Convert ? new LineEndConverter() : null;
    }

    /// <summary>Of all chunks together: the first one has begun it.</summary>
    public ContentDeadline Deadline { get; }

    /// <summary>Octets so far.</summary>
    public long Length => _reader.Length;

    /// <summary>Why the mail will be refused; null as long as it will not.</summary>
    public SmtpReply? Refusal => _mail.Refusal;

    public static async ValueTask<ChunkedMail> BeginAsync(SessionContext session, CancellationToken ct) =>
        new(session, await MailReception.BeginAsync(session, ct));

    /// <summary>Looks at the octets and copies them.</summary>
    public void Take(ReadOnlySequence<byte> octets)
    {
        foreach (var segment in octets)
        {
            _reader.Read(segment.Span);
            if (_mail.Refusal is not null)
            {
                continue;
            }

            if (_converter is null)
            {
                _mail.Buffer.Write(segment.Span);
            }
            else
            {
                _converter.Convert(segment.Span, _mail.Buffer);
            }
        }
    }

    /// <summary>Hands on what was copied.</summary>
    public async ValueTask PassOnAsync(CancellationToken ct)
    {
        if (ContentFault.Of(HasRefusedLineEnd, _reader.HasLongLine, _reader.Length, _session.Options.MaxMessageBytes) is { } fault)
        {
            await _mail.RefuseAsync(fault);
        }

        await _mail.PassOnAsync(ct);
    }

    /// <summary>The last chunk is in, or the mail is refused: the reply, those before it written where LMTP asks for several.</summary>
    public async ValueTask<SmtpReply> EndAsync(CancellationToken ct)
    {
        _reader.End();
        _converter?.End(_mail.Buffer);
        if (HasRefusedLineEnd)
        {
            await _mail.RefuseAsync(SmtpReplies.BareLineEndInData);
        }

        await _mail.PassOnAsync(ct);
        return await _mail.CommitAsync(ct);
    }

    private bool HasRefusedLineEnd => _reader.HasBareLineEnd && _converter is null;

    public ValueTask DisposeAsync() => _mail.DisposeAsync();
}
