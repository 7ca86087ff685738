using System.Net;
using System.Security.Cryptography;
using System.Text;
using Relay.Smtp.Server;

namespace Relay.Inbound;

/// <summary>
/// Locks out who guesses passwords, over all sessions: after so many failures of one client at one account neither is heard for a while.
/// Keyed by both, so that a guesser elsewhere locks nobody out of their own account.
/// </summary>
internal sealed class GuessGuard(int mostFailures, TimeSpan period, TimeProvider time)
{
    /// <summary>About 3 MB. A flood of made-up names must not fill the memory, nor make us forget whom it guesses at.</summary>
    private const int MostRemembered = 10_000;

    /// <summary>How many are forgotten at once when there are as many, so that the search for them is rare.</summary>
    private const int ForgottenAtOnce = MostRemembered / 10;

    /// <summary>Characters of a name that are kept; of a longer one, up to 9,000 in a line of AUTH, its hash.</summary>
    private const int LongestKept = 64;

    private readonly Dictionary<(ClientNetwork Client, string Account), (int Failures, DateTimeOffset Until)> _failures = [];
    private readonly Lock _lock = new();

    /// <summary>Clients and accounts about which something is noted.</summary>
    public int Remembered
    {
        get
        {
            lock (_lock)
            {
                return _failures.Count;
            }
        }
    }

    public bool MayTry(IPAddress client, string account)
    {
        lock (_lock)
        {
            return !_failures.TryGetValue(KeyOf(client, account), out var noted)
                || noted.Failures < mostFailures || noted.Until <= time.GetUtcNow();
        }
    }

    public void Tell(IPAddress client, string account, bool isProven)
    {
        var key = KeyOf(client, account);
        var now = time.GetUtcNow();
        lock (_lock)
        {
            if (isProven)
            {
                _failures.Remove(key);
                return;
            }

            bool isNoted = _failures.TryGetValue(key, out var noted);
            if (!isNoted)
            {
                MakeRoom(now);
            }

            int before = isNoted && noted.Until > now ? noted.Failures : 0;
            _failures[key] = (before + 1, now + period);
        }
    }

    private static (ClientNetwork Client, string Account) KeyOf(IPAddress client, string account) => (
        ClientNetwork.Of(client),
        account.Length <= LongestKept ? account : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(account))));

    private void MakeRoom(DateTimeOffset now)
    {
        if (_failures.Count < MostRemembered)
        {
            return;
        }

        foreach (var (key, noted) in _failures.ToList())
        {
            if (noted.Until <= now)
            {
                _failures.Remove(key);
            }
        }

        if (_failures.Count < MostRemembered)
        {
            return;
        }

        // First the names of the client with the most: a flood of made-up ones drives out itself. Of those whoever failed least, then longest ago.
        var crowds = _failures.Keys.CountBy(key => key.Client).ToDictionary();
        var least = _failures
            .OrderByDescending(one => crowds[one.Key.Client]).ThenBy(one => one.Value.Failures).ThenBy(one => one.Value.Until)
            .Take(ForgottenAtOnce)
            .Select(one => one.Key)
            .ToList();
        least.ForEach(key => _failures.Remove(key));
    }
}
