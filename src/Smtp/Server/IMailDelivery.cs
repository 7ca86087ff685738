using System.Buffers;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>One mail on its way into the application. Disposed without a commit, it never existed.</summary>
public interface IMailDelivery : IAsyncDisposable
{
    /// <summary>
    /// Takes the next octets of the content, our Received field first; lines end in CRLF, transparency is off. The memory is the
    /// server's again once the task completes.
    /// </summary>
    ValueTask WriteAsync(ReadOnlySequence<byte> content, CancellationToken ct);

    /// <summary>
    /// The content is complete. A 2yz takes on responsibility (RFC 5321 §6.1): the mail is on stable storage before it is returned.
    /// </summary>
    ValueTask<SmtpReply> CommitAsync(CancellationToken ct);
}
