using System.Globalization;
using System.Net;

namespace Relay.Inbound;

/// <summary>
/// Whose dialogues are written to the log, and until when: those of the settings as long as the relay runs, those asked for while it runs for a
/// time, so that nobody has to remember to switch them off.
/// </summary>
internal sealed class TraceDesk : IDisposable
{
    public static readonly TimeSpan Usual = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>A trace of more than these is a trace of everybody.</summary>
    private const int MostNetworks = 100;

    private readonly SmtpFrontDoor _door;
    private readonly TimeProvider _time;
    private readonly Dictionary<IPNetwork, DateTimeOffset> _until = [];
    private readonly Lock _lock = new();
    private readonly ITimer _timer;

    public TraceDesk(SmtpOptions options, SmtpFrontDoor door, TimeProvider time)
    {
        _door = door;
        _time = time;
        _timer = time.CreateTimer(_ => Change(() => { }), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Change(() => options.TraceNetworks.ToList().ForEach(network => _until[network] = DateTimeOffset.MaxValue));
    }

    /// <summary>By network, with the end.</summary>
    public IReadOnlyList<(IPNetwork Network, DateTimeOffset Until)> List()
    {
        lock (_lock)
        {
            return [.. _until.Select(pair => (pair.Key, pair.Value))];
        }
    }

    /// <summary>False where too many are traced already.</summary>
    public bool Begin(IPNetwork network, TimeSpan length)
    {
        var isNew = false;
        Change(() =>
        {
            isNew = _until.ContainsKey(network) || _until.Count < MostNetworks;
            if (isNew)
            {
                _until[network] = _time.GetUtcNow() + length;
            }
        });
        return isNew;
    }

    /// <summary>Ends one, or with null all.</summary>
    public void End(IPNetwork? network) => Change(() =>
    {
        if (network is { } one)
        {
            _until.Remove(one);
        }
        else
        {
            _until.Clear();
        }
    });

    public void Dispose() => _timer.Dispose();

    public static string Told((IPNetwork Network, DateTimeOffset Until) trace) => trace.Until == DateTimeOffset.MaxValue
        ? $"{trace.Network} as long as the relay runs"
        : string.Create(CultureInfo.InvariantCulture, $"{trace.Network} until {trace.Until:yyyy-MM-ddTHH:mm:ssZ}");

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            var now = _time.GetUtcNow();
            foreach (var network in _until.Where(pair => pair.Value <= now).Select(pair => pair.Key).ToList())
            {
                _until.Remove(network);
            }

            _door.TraceNetworks = [.. _until.Keys];
            var next = _until.Values.DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
            _timer.Change(next == DateTimeOffset.MaxValue ? Timeout.InfiniteTimeSpan : next - now, Timeout.InfiniteTimeSpan);
        }
    }
}
