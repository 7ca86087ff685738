using Relay.Smtp.Sockets;

namespace Relay.Smtp.Server;

/// <summary>Hanging up on a client that may be sending, so that it finds our last reply all the same.</summary>
/// <remarks>
/// RFC 1122 §4.2.2.13: octets that come for a closed socket are answered by a reset, and a client that is reset may lose what it has not read yet. So
/// the client is told first that nothing more comes, and what it sends is read and dropped until it closes too.
/// </remarks>
internal static class LastWord
{
    // As long as a mail of the default limit takes on a line of 10 Mbit/s, and room for three of them.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private const long MostOctets = 32 * 1024 * 1024;

    /// <summary>Until the client has closed, its time is over, or it has sent too much; what is unread then resets the connection.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public static async Task LingerAsync(LoopConnection connection, SessionChannel channel, CancellationToken ct)
    {
        if (!connection.TryEndOutput())
        {
            return;
        }

        channel.Deadline.Set(Longest);
        for (long dropped = 0; dropped < MostOctets && !channel.IsStopping && !channel.Deadline.HasPassed(TimeSpan.Zero);)
        {
            var rest = await connection.Input.ReadAsync(ct);
            dropped += rest.Buffer.Length;
            connection.Input.AdvanceTo(rest.Buffer.End);
            if (rest.IsCompleted)
            {
                return;
            }
        }
    }
}
