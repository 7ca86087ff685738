using Relay.TestKit.Mail;

namespace Relay.EndToEnd.Harness;

internal sealed record GatewayOptions
{
    /// <summary>An Exchange outside; null is the embedded simulator.</summary>
    public Uri? ExchangeUrl { get; init; }

    /// <summary>How many files and sockets it may have open; null is what the system gives. Only where there is a shell.</summary>
    public int? OpenFiles { get; init; }

    public RecordingMailServerOptions? Smarthost { get; init; }

    /// <summary>Further settings by their place below "Relay", as in "Smtp:HostName".</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
