using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.ExchangeSimulator.Tests;

/// <summary>A subscriber's HTTP listener: keeps what it is sent and answers as told.</summary>
internal sealed class PushListener : IAsyncDisposable
{
    private readonly HttpListener _http = new();
    private readonly Channel<(string Body, string? Action)> _received = Channel.CreateUnbounded<(string, string?)>();
    private readonly Task _serving;

    public PushListener(Func<int, (int Status, string Body)>? answer = null)
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Url = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/listen/";
        }

        _http.Prefixes.Add(Url);
        _http.Start();
        _serving = ServeAsync(answer ?? (_ => (200, Answer("OK"))));
    }

    public string Url { get; }

    public static string Answer(string status) =>
        $"<s:Envelope xmlns:s=\"{EwsNames.SoapUri}\"><s:Body><SendNotificationResult xmlns=\"{EwsNames.MessagesUri}\">"
        + $"<SubscriptionStatus>{status}</SubscriptionStatus></SendNotificationResult></s:Body></s:Envelope>";

    public async Task<(string Body, string? Action)> NextRawAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        return await _received.Reader.ReadAsync(limit.Token);
    }

    public async Task<EwsNotification> NextAsync() =>
        Simulator.Success(EwsResponseReader.SendNotification(SafeXml.Load((await NextRawAsync()).Body)));

    /// <summary>The next notification that tells something.</summary>
    public async Task<EwsNotification> NextEventsAsync()
    {
        while (true)
        {
            var next = await NextAsync();
            if (next.Events[0].Type != MailboxEventType.Status)
            {
                return next;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Not Close: after Stop it would bind the port once more, which another test may have by then.
        _http.Stop();
        await _serving;
    }

    private async Task ServeAsync(Func<int, (int Status, string Body)> answer)
    {
        try
        {
            for (var count = 0; ; count++)
            {
                var context = await _http.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
                await _received.Writer.WriteAsync((await reader.ReadToEndAsync(), context.Request.Headers["SOAPAction"]));
                var (status, body) = answer(count);
                context.Response.StatusCode = status;
                context.Response.ContentType = "text/xml; charset=utf-8";
                context.Response.Close(Encoding.UTF8.GetBytes(body), willBlock: true);
            }
        }
        catch (Exception e) when (!_http.IsListening && e is (HttpListenerException or InvalidOperationException))
        {
            // The test is over; a listener that was stopped between two requests is told so by the latter.
        }
    }
}
