using System.Net;

namespace Relay.Smtp.Server;

/// <summary>Whose dialogues are written down. May be changed while sessions run.</summary>
internal sealed class TraceSwitch
{
    private volatile IReadOnlyList<IPNetwork> _networks = [];

    public IReadOnlyList<IPNetwork> Networks
    {
        get => _networks;
        set => _networks = value;
    }

    public bool Covers(IPAddress client)
    {
        foreach (var network in _networks)
        {
            if (network.Contains(client))
            {
                return true;
            }
        }

        return false;
    }
}
