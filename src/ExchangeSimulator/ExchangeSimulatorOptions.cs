using System.Security.Cryptography.X509Certificates;

namespace Relay.ExchangeSimulator;

/// <summary>How the simulator behaves. The defaults are a current server with one mailbox for every address that is mentioned.</summary>
public sealed class ExchangeSimulatorOptions
{
    /// <summary>Where it listens, path included; https with a certificate, else http. Port 0 takes any free port.</summary>
    public Uri Url { get; set; } = new("http://127.0.0.1:8026/EWS/Exchange.asmx");

    /// <summary>Serves TLS with this, which must have its private key; null serves plain http.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>The only addresses that are mailboxes; null makes any address one at its first mention.</summary>
    public IReadOnlyList<string>? Mailboxes { get; set; }

    /// <summary>How often something happens by itself, in one mailbox after another; null for never. 10 ms or more.</summary>
    public TimeSpan? Activity { get; set; }

    /// <summary>How long a minute of the protocol takes: Timeout, StatusFrequency, ConnectionTimeout. 10 ms to 1 minute, for tests.</summary>
    public TimeSpan Minute { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often an idle stream says that it lives. 30 s, since clients give up after 60 s to 90 s; 10 ms to 1 hour.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The least time between two envelopes of a stream: some clients lose the second of two that arrive as one. 0 to 10 s.</summary>
    public TimeSpan EnvelopeSpacing { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long events can be asked for again. 30 days, as Exchange does.</summary>
    public TimeSpan EventsKept { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How many events a mailbox holds at most, so that memory stays bounded; 1 to 10,000,000.</summary>
    public int EventsHeld { get; set; } = 100_000;

    /// <summary>Whose event table is followed.</summary>
    public EventProfile Profile { get; set; } = EventProfile.Exchange2013;

    /// <summary>A folder with types.xsd and messages.xsd of Exchange, against which every request is then validated; null for the built-in schema.</summary>
    public string? SchemaFolder { get; set; }

    /// <summary>Seeds ids and the holes between numbers, so that a run can be repeated.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>The limits on callers; unlimited where null.</summary>
    public SimulatorLimits Limits { get; set; } = new();

    /// <summary>The scheme that callers are asked for; others are answered with 401.</summary>
    public SimulatorAuth Auth { get; set; }

    /// <summary>
    /// Subscriptions are known only to callers that send back the affinity cookie of their first request, as behind a load balancer.
    /// </summary>
    public bool RequireAffinity { get; set; }

    /// <summary>Ways in which other servers depart from Exchange, to test what reads them.</summary>
    public SimulatorDialect Dialect { get; set; } = new();

    /// <summary>Every fault, with the option and its range; empty when all is well.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        var scheme = Certificate is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;
        if (!Url.IsAbsoluteUri || Url.Scheme != scheme)
        {
            faults.Add($"Url must be an absolute {scheme} URL.");
        }

        if (Certificate is { HasPrivateKey: false })
        {
            faults.Add("Certificate must have its private key.");
        }

        Check(faults, nameof(Activity), Activity ?? TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1));
        Check(faults, nameof(Minute), Minute, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        Check(faults, nameof(Heartbeat), Heartbeat, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
        Check(faults, nameof(EnvelopeSpacing), EnvelopeSpacing, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Check(faults, nameof(EventsKept), EventsKept, TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(3650));
        if (EventsHeld is < 1 or > 10_000_000)
        {
            faults.Add("EventsHeld must be 1 to 10,000,000.");
        }

        if (SchemaFolder is not null && !File.Exists(Path.Combine(SchemaFolder, "types.xsd")))
        {
            faults.Add("SchemaFolder must hold types.xsd and messages.xsd.");
        }

        return faults;
    }

    private static void Check(List<string> faults, string name, TimeSpan value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most)
        {
            faults.Add($"{name} must be {least} to {most}.");
        }
    }
}
