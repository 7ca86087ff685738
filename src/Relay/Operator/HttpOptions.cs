using System.Net;
using Relay.Settings;

namespace Relay.Operator;

/// <summary>The section <c>Relay:Http</c>: where health is told.</summary>
internal sealed record HttpOptions(Uri Url)
{
    public static HttpOptions Read(SettingsReader settings)
    {
        const string Default = "http://127.0.0.1:8025";
        string text = settings.Text("Url", Default);
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp && (IPAddress.TryParse(url.Host.Trim('[', ']'), out _) || url.Host == "localhost"))
        {
            return new HttpOptions(url);
        }

        settings.Fault("Url", $"is \"{text}\"; give an http URL with an IP address and a port, such as {Default}");
        return new HttpOptions(new Uri(Default));
    }
}
