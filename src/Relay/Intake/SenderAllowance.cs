using Relay.Access;
using Relay.Wire.Smtp;

namespace Relay.Intake;

/// <summary>
/// How many mails an hour a sender gets that it may have asked for without meaning to, such as the help text: so that two robots which
/// greet each other soon fall silent. A mail that is tried again has what it was granted before.
/// </summary>
internal sealed class SenderAllowance(TimeProvider time)
{
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private readonly Dictionary<string, List<(long Mail, DateTimeOffset At)>> _granted = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _lock = new();

    /// <param name="service">Each service counts for itself.</param>
    /// <param name="sender">Who would get it.</param>
    /// <param name="mail">The row of the mail that asks.</param>
    /// <param name="most">Grants an hour, 1 or more.</param>
    public bool Grants(ServiceAddress service, MailAddress sender, long mail, int most)
    {
        var now = time.GetUtcNow();
        string key = $"{service.Address} {sender}";
        lock (_lock)
        {
            if (_granted.Count >= MostRemembered)
            {
                Forget(now);
            }

            if (!_granted.TryGetValue(key, out var granted))
            {
                // Whoever comes while ten thousand others are remembered is refused: what it asked for can be read elsewhere.
                return _granted.Count < MostRemembered && _granted.TryAdd(key, [(mail, now)]);
            }

            granted.RemoveAll(grant => now - grant.At > Interval);
            bool isKnown = granted.Exists(grant => grant.Mail == mail);
            if (!isKnown && granted.Count < most)
            {
                granted.Add((mail, now));
                return true;
            }

            return isKnown;
        }
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (key, _) in _granted.Where(entry => entry.Value.TrueForAll(grant => now - grant.At > Interval)).ToList())
        {
            _granted.Remove(key);
        }
    }
}
