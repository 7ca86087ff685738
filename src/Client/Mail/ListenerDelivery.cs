using System.Buffers;
using Relay.Smtp.Server;
using Relay.Wire.Smtp;

namespace Relay.Client.Mail;

/// <summary>One mail on its way in, gathered in memory and handed over whole at the final dot; the server limits its size.</summary>
internal sealed class ListenerDelivery(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<SmtpReply>> handler) : IMailDelivery
{
    private readonly ArrayBufferWriter<byte> _content = new();

    public ValueTask WriteAsync(ReadOnlySequence<byte> content, CancellationToken ct)
    {
        foreach (ReadOnlyMemory<byte> segment in content)
        {
            _content.Write(segment.Span);
        }
        return default;
    }

    public ValueTask<SmtpReply> CommitAsync(CancellationToken ct) => handler(_content.WrittenMemory, ct);

    public ValueTask DisposeAsync() => default;
}
