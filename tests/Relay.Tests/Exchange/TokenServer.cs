using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Relay.Tests.Exchange;

/// <summary>A server of tokens over TLS, as a directory has it: one secret is right, and each token is another.</summary>
internal sealed class TokenServer : IAsyncDisposable
{
    public const string Tenant = "corp.example";
    public const string Client = "11111111-2222-3333-4444-555555555555";
    public const string Secret = "a-secret-of-the-application";

    private readonly List<IReadOnlyDictionary<string, string>> _requests = [];
    private readonly WebApplication _web;

    private TokenServer(WebApplication web) => _web = web;

    public Uri Url { get; private set; } = null!;

    /// <summary>Seconds that tokens last.</summary>
    public int Lasts { get; set; } = 3600;

    public bool IsDown { get; set; }

    /// <summary>The forms that were posted, in their order.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public static string Token(int number) => string.Create(CultureInfo.InvariantCulture, $"token-number-{number}");

    public static async Task<TokenServer> StartAsync(X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var web = builder.Build();
        var server = new TokenServer(web);
        web.MapPost($"/{Tenant}/oauth2/v2.0/token", server.AnswerAsync);
        await web.StartAsync();
        server.Url = new Uri($"https://localhost:{new Uri(web.Urls.First()).Port}");
        return server;
    }

    public async ValueTask DisposeAsync() => await _web.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var form = (await http.Request.ReadFormAsync()).ToDictionary(field => field.Key, field => field.Value.ToString());
        int number;
        lock (_requests)
        {
            _requests.Add(form);
            number = _requests.Count;
        }

        http.Response.ContentType = "application/json";
        if (IsDown)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
        else if (form.GetValueOrDefault("client_secret") != Secret && !form.ContainsKey("client_assertion"))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await http.Response.WriteAsync("""{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided."}""");
        }
        else
        {
            await http.Response.WriteAsync($$"""{"token_type":"Bearer","expires_in":{{Lasts}},"access_token":"{{Token(number)}}"}""");
        }
    }
}
