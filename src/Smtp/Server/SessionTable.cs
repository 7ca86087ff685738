using System.Collections.Concurrent;
using System.Net;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>Who is connected: places are limited in all and for each client. Used from many threads.</summary>
internal sealed class SessionTable(SmtpServerLimits limits)
{
    private readonly ConcurrentDictionary<SessionHolder, bool> _sessions = new();
    private readonly Dictionary<ClientNetwork, int> _perClient = [];
    private readonly Lock _lock = new();
    private int _count;

    public IEnumerable<SessionHolder> All => _sessions.Keys;

    /// <summary>Sessions that have a place just now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Takes a place; the reply says why there is none.</summary>
    public SmtpReply? Enter(IPAddress client)
    {
        lock (_lock)
        {
            if (_count >= limits.Sessions)
            {
                return SmtpReplies.TooManySessions;
            }

            var network = ClientNetwork.Of(client);
            var mine = _perClient.GetValueOrDefault(network);
            if (mine >= limits.SessionsPerClient && !IPAddress.IsLoopback(client))
            {
                return SmtpReplies.TooManySessionsOfClient;
            }

            _count++;
            _perClient[network] = mine + 1;
            return null;
        }
    }

    /// <summary>Gives the place back.</summary>
    public void Leave(IPAddress client)
    {
        lock (_lock)
        {
            var network = ClientNetwork.Of(client);
            _count--;
            if (--_perClient[network] == 0)
            {
                _perClient.Remove(network);
            }
        }
    }

    public void Add(SessionHolder session) => _sessions[session] = true;

    public void Remove(SessionHolder session) => _sessions.TryRemove(session, out _);
}
