using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.ExchangeSimulator.Tests;

/// <summary>A simulator on a free port and a client of it. Each ordinary answer is held to the published schema where that is at hand.</summary>
internal sealed class Simulator : IAsyncDisposable
{
    public const string Ann = "ann@corp.example";
    public const string Bob = "bob@corp.example";

    private static readonly Lazy<EwsSchemaSet?> Schema = new(
        () => SchemaFolder is { } folder ? EwsSchemaSet.FromFolder(folder) : null);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };

    private Simulator(ExchangeSimulatorServer server) => Server = server;

    public ExchangeSimulatorServer Server { get; }

    public HttpClient Http => _http;

    public static string? SchemaFolder { get; } = FindSchema();

    public static async Task<Simulator> StartAsync(Action<ExchangeSimulatorOptions>? configure = null)
    {
        var options = new ExchangeSimulatorOptions
        {
            Url = new Uri("http://127.0.0.1:0/EWS/Exchange.asmx"),
            EnvelopeSpacing = TimeSpan.FromMilliseconds(10),
        };
        configure?.Invoke(options);
        var server = new ExchangeSimulatorServer(options);
        await server.StartAsync(TestContext.Current.CancellationToken);
        return new Simulator(server);
    }

    public HttpRequestMessage Request(XElement body, string user = Ann, string? impersonate = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Server.BoundUrl)
        {
            Content = new ByteArrayContent(EwsRequestWriter.Envelope(body, "Exchange2013_SP1", impersonate)),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("text/xml; charset=utf-8");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user + ":secret")));
        return request;
    }

    public async Task<XElement> CallAsync(XElement body, string user = Ann, string? impersonate = null)
    {
        using var request = Request(body, user, impersonate);
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var xml = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal("text/xml; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.StartsWith("<?xml version=\"1.0\" encoding=\"utf-8\"?><s:Envelope", xml, StringComparison.Ordinal);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            var violation = Schema.Value?.Validate(xml);
            Assert.True(violation is null, $"{violation} in {xml}");
        }

        return SafeXml.Load(xml);
    }

    public async Task<EwsSubscribed> SubscribeAsync(SubscribeRequest request, string user = Ann) =>
        Success(EwsResponseReader.Subscribe(await CallAsync(EwsRequestWriter.Subscribe(request), user)));

    public Task<EwsSubscribed> PullAsync(params string[] folders) => SubscribeAsync(new SubscribeRequest(
        SubscriptionKind.Pull, folders.Length == 0, Named(folders), EwsEventTypes.All, null, 5));

    public Task<EwsSubscribed> StreamAsync(params string[] folders) => SubscribeAsync(new SubscribeRequest(
        SubscriptionKind.Streaming, folders.Length == 0, Named(folders), EwsEventTypes.All));

    public async Task<EwsNotification> EventsAsync(EwsSubscribed subscribed) => Success(EwsResponseReader.GetEvents(
        await CallAsync(EwsRequestWriter.GetEvents(subscribed.SubscriptionId, subscribed.Watermark!))));

    public async Task<StreamReading> OpenStreamAsync(int minutes, params string[] ids)
    {
        using var request = Request(EwsRequestWriter.GetStreamingEvents(ids, minutes));
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new StreamReading(response);
    }

    public async Task UntilNoStreamIsOpenAsync()
    {
        for (var i = 0; i < 1000 && Server.OpenStreams > 0; i++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Equal(0, Server.OpenStreams);
    }

    public async Task<EwsId> InboxAsync() =>
        Success(Success(EwsResponseReader.Folders(await CallAsync(EwsRequestWriter.GetFolder([new FolderReference.Distinguished("inbox")])))).Single()).Id;

    public static T Success<T>(EwsResult<T> result) => Assert.IsType<EwsResult<T>.Success>(result).Value;

    public static EwsError Error<T>(EwsResult<T> result) => Assert.IsType<EwsResult<T>.Error>(result).Problem;

    public static FolderReference[] Named(params string[] names) => [.. names.Select(name => new FolderReference.Distinguished(name))];

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await Server.StopAsync(limit.Token);
        await Server.DisposeAsync();
    }

    private static string? FindSchema()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "ews-schema");
            if (File.Exists(Path.Combine(candidate, "types.xsd")))
            {
                return candidate;
            }
        }

        return null;
    }
}
