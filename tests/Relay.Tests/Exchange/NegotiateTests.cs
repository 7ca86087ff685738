using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Relay.Exchange;

namespace Relay.Tests.Exchange;

/// <summary>
/// The client's side of NTLM as the relay's handler plays it, on one connection: 401, NEGOTIATE, CHALLENGE, AUTHENTICATE. Whether the answer to the
/// challenge is the right one only a domain can tell, and so can the Kerberos form; neither is shown here.
/// </summary>
public sealed class NegotiateTests : IAsyncLifetime
{
    /// <summary>MS-NLMP 2.2.1.2: a CHALLENGE of a server named S.</summary>
    private static readonly byte[] Challenge = Convert.FromHexString(
        "4E544C4D53535000" + "02000000" + "0200020038000000" + "358289E2" + "0123456789ABCDEF" + "0000000000000000"
        + "100010003A000000" + "0A00000000000000" + "5300" + "010002005300" + "020002005300" + "00000000");

    private readonly List<string> _shown = [];
    private WebApplication _web = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _web = builder.Build();
        _web.MapPost("/EWS/Exchange.asmx", AnswerAsync);
        await _web.StartAsync();
    }

    public async ValueTask DisposeAsync() => await _web.DisposeAsync();

    [Theory]
    [InlineData(ExchangeAuth.Basic, false)]
    [InlineData(ExchangeAuth.Negotiate, true)]
    internal void Only_Negotiate_answers_challenges(ExchangeAuth auth, bool hasCredentials)
    {
        using var handler = ExchangeHandlers.Create(Options(auth));
        Assert.Equal(hasCredentials, handler.Credentials is not null);
    }

    [Fact]
    public async Task A_challenge_is_answered_on_the_same_connection()
    {
        var options = Options(ExchangeAuth.Negotiate);
        using var http = new ExchangeHttp(options, ExchangeHandlers.Create(options), new NoCredentials(), TimeProvider.System);

        var outcome = await http.PostAsync("<a/>"u8.ToArray(), new Affinity(null), CancellationToken.None);

        Assert.Equal(["none", "NEGOTIATE", "AUTHENTICATE of CORP\\relay"], _shown);
        Assert.IsType<HttpOutcome.Answered>(outcome);
    }

    private ExchangeOptions Options(ExchangeAuth auth) => new()
    {
        Url = new Uri($"{_web.Urls.First()}/EWS/Exchange.asmx"),
        Auth = auth,
        UserName = "CORP\\relay",
        Password = "secret",
    };

    private async Task AnswerAsync(HttpContext http)
    {
        var shown = http.Request.Headers.Authorization.ToString();
        var message = shown.StartsWith("NTLM ", StringComparison.Ordinal) ? Convert.FromBase64String(shown[5..]) : [];
        _shown.Add(message.Length == 0 ? "none" : message[8] == 1 ? "NEGOTIATE" : $"AUTHENTICATE of {Field(message, 28)}\\{Field(message, 36)}");
        if (message is [_, _, _, _, _, _, _, _, 3, ..])
        {
            http.Response.ContentType = "text/xml";
            await http.Response.WriteAsync("<a/>");
            return;
        }

        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        http.Response.Headers.WWWAuthenticate = message.Length == 0 ? "NTLM" : $"NTLM {Convert.ToBase64String(Challenge)}";
    }

    /// <summary>MS-NLMP 2.2.1.3: length, room, offset; then UTF-16.</summary>
    private static string Field(byte[] message, int at) => System.Text.Encoding.Unicode.GetString(
        message, BitConverter.ToInt32(message, at + 4), BitConverter.ToUInt16(message, at));
}
