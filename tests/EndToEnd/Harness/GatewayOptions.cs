using Relay.TestKit.Mail;

namespace Relay.EndToEnd.Harness;

internal sealed record GatewayOptions
{
    /// <summary>An Exchange outside; null is the embedded simulator.</summary>
    public Uri? ExchangeUrl { get; init; }

    public RecordingMailServerOptions? Smarthost { get; init; }

    /// <summary>Further settings by their place below "Relay", as in "Smtp:HostName".</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
