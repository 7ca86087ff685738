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

    /// <summary>Whether a commit may hold its thread for longer than it takes to compute something: it is called on another one then.</summary>
    bool CommitMayBlock => true;

    /// <summary>
    /// The same in LMTP, where each recipient has a reply of its own (RFC 2033 §4.2): as many as there are recipients and in their
    /// order, or one that stands for all. Unless implemented, the reply of <see cref="CommitAsync"/> stands for all.
    /// </summary>
    async ValueTask<IReadOnlyList<SmtpReply>> CommitEachAsync(CancellationToken ct) => [await CommitAsync(ct)];
}
