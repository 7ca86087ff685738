using System.Net;
using System.Net.Sockets;

namespace Relay.TestKit;

/// <summary>
/// Ports for programs that must be told theirs. Taken below the range from which systems number outgoing connections, so that none
/// of those takes the port between the asking and the listening; two test processes start at different places.
/// </summary>
public static class FreePort
{
    private const int Lowest = 11_000;
    private const int Highest = 31_000;

    private static int _last = Lowest + (Environment.ProcessId * 7919 % (Highest - Lowest));

    /// <summary>A port on 127.0.0.1 on which nothing listens now; no port is handed out twice before all were.</summary>
    public static int Next()
    {
        for (int tries = 0; tries < Highest - Lowest; tries++)
        {
            int port = Lowest + (Interlocked.Increment(ref _last) % (Highest - Lowest));
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"No free port between {Lowest} and {Highest}.");
    }

    private static bool IsFree(int port)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}
