using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Xml.Linq;
using Relay.Wire.Ews;
using static Relay.ExchangeSimulator.Tests.Simulator;

namespace Relay.ExchangeSimulator.Tests;

public sealed class HttpTests
{
    private static readonly XNamespace M = EwsNames.Messages;

    public static TheoryData<string, XElement, string, string> Faults => new()
    {
        { "an operation that nobody has", new XElement(M + "NoSuchThing"), "ErrorInvalidRequest", "The request is invalid." },
        {
            "the https namespaces of mangled sample pages", new XElement(XName.Get("GetEvents", "https://schemas.microsoft.com/x")),
            "ErrorInvalidRequest", "The request is invalid."
        },
        {
            "an element is missing", new XElement(M + "GetEvents", new XElement(M + "SubscriptionId", "S")), "ErrorSchemaValidation",
            "The request failed schema validation: The element 'GetEvents' in namespace"
        },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_request_that_cannot_be_run_is_a_fault_with_status_500(string why, XElement body, string code, string text)
    {
        await using var simulator = await StartAsync();
        using var request = simulator.Request(body);
        using var response = await simulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(HttpStatusCode.InternalServerError == response.StatusCode, why);
        var fault = await simulator.CallAsync(body);
        Assert.Equal(EwsNames.Soap + "Fault", fault.Descendants(EwsNames.Soap + "Body").Single().Elements().Single().Name);
        Assert.Equal("a:" + code, fault.Descendants("faultcode").Single().Value);
        Assert.StartsWith(text, fault.Descendants("faultstring").Single().Value, StringComparison.Ordinal);
        Assert.Equal(code, fault.Descendants(EwsNames.Errors + "ResponseCode").Single().Value);
    }

    [Fact]
    public async Task A_schema_fault_tells_line_and_position()
    {
        await using var simulator = await StartAsync();
        var fault = await simulator.CallAsync(new XElement(M + "Unsubscribe"));
        var details = fault.Descendants(EwsNames.Types + "MessageXml").Single().Elements().Select(element => element.Name.LocalName);
        Assert.Equal(["LineNumber", "LinePosition", "Violation"], details);
    }

    [Theory]
    [InlineData("not XML", "<a><b>")]
    [InlineData("a DTD", "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>")]
    [InlineData("no envelope", "<a/>")]
    [InlineData("nothing", "")]
    public async Task What_is_no_request_is_a_fault(string why, string octets)
    {
        await using var simulator = await StartAsync();
        using var request = simulator.Request(new XElement(M + "X"));
        request.Content = new StringContent(octets, Encoding.UTF8, "text/xml");
        using var response = await simulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(HttpStatusCode.InternalServerError == response.StatusCode, why);
        Assert.Contains("a:ErrorInvalidRequest", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_without_a_name_is_asked_for_one()
    {
        await using var simulator = await StartAsync();
        using var request = simulator.Request(EwsRequestWriter.GetFolder(Named("inbox")));
        request.Headers.Authorization = null;
        using var response = await simulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Basic", response.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Theory]
    [InlineData("the scheme is another", SimulatorAuth.Bearer, "Basic YW5uOng=", HttpStatusCode.Unauthorized)]
    [InlineData("no base64", SimulatorAuth.Basic, "Basic ann:x", HttpStatusCode.Unauthorized)]
    [InlineData("no colon", SimulatorAuth.Basic, "Basic YW5u", HttpStatusCode.Unauthorized)]
    [InlineData("no user name", SimulatorAuth.Basic, "Basic Ong=", HttpStatusCode.Unauthorized)]
    [InlineData("no credentials", SimulatorAuth.Basic, "Basic", HttpStatusCode.Unauthorized)]
    [InlineData("the scheme in any case", SimulatorAuth.Basic, "bAsIc YW5uOng=", HttpStatusCode.OK)]
    [InlineData("any token", SimulatorAuth.Bearer, "Bearer ey.ey.ey", HttpStatusCode.OK)]
    public async Task Callers_are_known_by(string why, SimulatorAuth scheme, string header, HttpStatusCode status)
    {
        await using var simulator = await StartAsync(options => options.Auth = scheme);
        using var request = simulator.Request(EwsRequestWriter.GetFolder(Named("inbox")), impersonate: Ann);
        request.Headers.Remove("Authorization");
        request.Headers.TryAddWithoutValidation("Authorization", header);
        using var response = await simulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(status == response.StatusCode, why);
    }

    [Theory]
    [InlineData("the user name", Ann, null, null, Ann)]
    [InlineData("impersonation", "service", Bob, null, Bob)]
    [InlineData("the folder's mailbox goes before both", Ann, Bob, "carol@corp.example", "carol@corp.example")]
    public async Task The_mailbox_is_named_by(string why, string user, string? impersonated, string? mailbox, string expected)
    {
        await using var simulator = await StartAsync();
        var item = simulator.Server.DeliverMail(expected, "mine", Bob);
        FolderReference inbox = new FolderReference.Distinguished("inbox", mailbox);
        var sync = Success(EwsResponseReader.Sync(await simulator.CallAsync(EwsRequestWriter.SyncFolderItems(inbox, null), user, impersonated)));
        Assert.True(item.Id == sync.Changes.Single().Id.Id, why);
    }

    [Fact]
    public async Task With_a_certificate_it_serves_tls()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using var simulator = await StartAsync(options =>
        {
            options.Url = new Uri("https://127.0.0.1:0/EWS/Exchange.asmx");
            options.Certificate = certificate;
        });
        Assert.Equal("https", simulator.Server.BoundUrl.Scheme);
        await Assert.ThrowsAsync<HttpRequestException>(simulator.InboxAsync);
        using var trusting = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString() },
        });
        using var request = simulator.Request(EwsRequestWriter.GetFolder(Named("inbox")));
        using var response = await trusting.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Only_named_addresses_are_mailboxes_where_they_are_named()
    {
        await using var simulator = await StartAsync(options => options.Mailboxes = [Ann]);
        await simulator.InboxAsync();
        var answer = EwsResponseReader.Folders(await simulator.CallAsync(EwsRequestWriter.GetFolder(Named("inbox")), Bob));
        Assert.Equal(EwsErrors.NonExistentMailbox, Error(Success(answer).Single()));
    }

    [Fact]
    public async Task The_path_is_compared_without_case_and_other_paths_are_not_found()
    {
        await using var simulator = await StartAsync();
        foreach (var (path, status) in (IEnumerable<(string, HttpStatusCode)>)[("/ews/exchange.ASMX", HttpStatusCode.OK), ("/", HttpStatusCode.NotFound)])
        {
            using var request = simulator.Request(EwsRequestWriter.GetFolder(Named("inbox")));
            request.RequestUri = new Uri(simulator.Server.BoundUrl, path);
            using var response = await simulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(status, response.StatusCode);
        }
    }
}
