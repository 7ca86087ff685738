using System.Net;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>The place that one session takes in the <see cref="SessionTable"/>, under whatever address its client has by now.</summary>
internal sealed class SessionPlace(SessionTable sessions)
{
    private IPAddress? _client;

    public bool IsTaken => _client is not null;

    /// <summary>Takes a place for this client, giving back the one before; the reply says why there is none.</summary>
    public SmtpReply? MoveTo(IPAddress client)
    {
        Leave();
        var refusal = sessions.Enter(client);
        _client = refusal is null ? client : null;
        return refusal;
    }

    public void Leave()
    {
        if (_client is { } client)
        {
            _client = null;
            sessions.Leave(client);
        }
    }
}
