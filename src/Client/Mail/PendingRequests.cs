using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Relay.Client.Mail;

/// <summary>The requests under way, by Message-ID. Answers find theirs in any order. Thread-safe.</summary>
internal sealed class PendingRequests
{
    private readonly ConcurrentDictionary<string, Channel<RelayAnswer>> _byId = new(StringComparer.Ordinal);

    /// <summary>Opens a request before it is sent, because its answer may overtake the server's 250.</summary>
    /// <returns>Its answers: one for most operations, several for GetStreamingEvents.</returns>
    public ChannelReader<RelayAnswer> Open(string messageId)
    {
        var answers = Channel.CreateUnbounded<RelayAnswer>();
        if (!_byId.TryAdd(messageId, answers))
        {
            throw new ArgumentException($"A request with the id {messageId} is under way.", nameof(messageId));
        }
        return answers.Reader;
    }

    /// <returns>False where no such request is under way.</returns>
    public bool TryAnswer(string messageId, RelayAnswer answer) =>
        _byId.TryGetValue(messageId, out Channel<RelayAnswer>? answers) && answers.Writer.TryWrite(answer);

    public void Close(string messageId) => _byId.TryRemove(messageId, out _);
}
