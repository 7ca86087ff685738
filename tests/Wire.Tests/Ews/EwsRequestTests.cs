using System.Text;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Wire.Tests.Ews;

public sealed class EwsRequestTests
{
    private static readonly FolderReference Inbox = new FolderReference.Distinguished("inbox", "ann@corp.example");
    private static readonly FolderReference ById = new FolderReference.ById(new EwsId("AAMk", "AQ=="));

    public static TheoryData<string, EwsRequest> Requests => new()
    {
        { "pull", new SubscribeRequest(SubscriptionKind.Pull, false, [Inbox, ById], EwsEventTypes.All, "W", 10) },
        { "pull from now", new SubscribeRequest(SubscriptionKind.Pull, true, [], EwsEventTypes.NewMail, null, 1440) },
        {
            "push", new SubscribeRequest(SubscriptionKind.Push, false, [Inbox], EwsEventTypes.Moved | EwsEventTypes.FreeBusyChanged, "W",
                null, 30, "http://127.0.0.1/x?a=1&b=2", "data")
        },
        { "push without caller data", new SubscribeRequest(SubscriptionKind.Push, true, [], EwsEventTypes.Created, null, null, 1, "mailto:a@b") },
        { "streaming", new SubscribeRequest(SubscriptionKind.Streaming, true, [], EwsEventTypes.All) },
        { "GetEvents", new GetEventsRequest("S+/=", "W") },
        { "Unsubscribe", new UnsubscribeRequest("S") },
        { "GetStreamingEvents", new GetStreamingEventsRequest(["S1", "S2"], 30) },
        { "goes on", new SendNotificationResultRequest(SubscriptionStatus.OK) },
        { "ends", new SendNotificationResultRequest(SubscriptionStatus.Unsubscribe) },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_is_read_as_it_was_written_and_is_valid(string why, EwsRequest request)
    {
        var body = request switch
        {
            SubscribeRequest subscribe => EwsRequestWriter.Subscribe(subscribe),
            GetEventsRequest get => EwsRequestWriter.GetEvents(get.SubscriptionId, get.Watermark),
            UnsubscribeRequest unsubscribe => EwsRequestWriter.Unsubscribe(unsubscribe.SubscriptionId),
            GetStreamingEventsRequest stream => EwsRequestWriter.GetStreamingEvents(stream.SubscriptionIds, stream.ConnectionTimeoutMinutes),
            SendNotificationResultRequest result => EwsRequestWriter.SendNotificationResult(result.Status),
            _ => throw new InvalidOperationException(why),
        };
        var octets = EwsRequestWriter.Envelope(body, "Exchange2013_SP1", "ann@corp.example");
        Assert.Null(EwsSchema.Validate(Encoding.UTF8.GetString(octets)));

        var envelope = SafeXml.Load(Encoding.UTF8.GetString(octets));
        var read = Assert.IsType<EwsRequestResult.Read>(
            EwsRequestReader.Read(envelope.Element(EwsNames.Soap + "Body")!.Elements().Single())).Request;
        Assert.Equivalent(request, read, strict: true);
    }

    [Fact]
    public void Every_request_that_a_client_may_send_validates_against_the_published_schema()
    {
        var schema = Published.SchemaOrSkip();
        EwsId[] ids = [new("AAMk", "CQ=="), new("AAMl")];
        var requests = Requests.Select(row => row.Data.Item2).OfType<SubscribeRequest>().Select(EwsRequestWriter.Subscribe).Concat([
            EwsRequestWriter.GetFolder([Inbox, ById]),
            EwsRequestWriter.GetItem(ids),
            EwsRequestWriter.SyncFolderItems(Inbox, null),
            EwsRequestWriter.SyncFolderItems(ById, "state", 1),
            EwsRequestWriter.SyncFolderHierarchy(null, null),
            EwsRequestWriter.SyncFolderHierarchy(Inbox, "state"),
            EwsRequestWriter.FindFolder(Inbox),
            EwsRequestWriter.FindFolder(Inbox, 1000),
            EwsRequestWriter.CreateItem("SendAndSaveCopy", null, "s", "b", ["a@b", "c@d"]),
            EwsRequestWriter.CreateItem("SaveOnly", Inbox, "s", "b", []),
        ]);
        Assert.All(requests, body =>
            Assert.Null(schema.Validate(Encoding.UTF8.GetString(EwsRequestWriter.Envelope(body, "Exchange2016", "a@b")))));
    }

    [Theory]
    [InlineData("an operation of another kind", EwsNames.MessagesUri, "GetFolder")]
    [InlineData("the https namespaces of mangled sample pages", "https://schemas.microsoft.com/exchange/services/2006/messages", "Subscribe")]
    [InlineData("no namespace", "", "GetEvents")]
    [InlineData("a Subscribe for nothing", EwsNames.MessagesUri, "Subscribe")]
    public void Anything_else_is_an_unknown_operation_with_its_name(string why, string space, string name)
    {
        var body = new System.Xml.Linq.XElement(System.Xml.Linq.XName.Get(name, space));
        var unknown = Assert.IsType<EwsRequestResult.UnknownOperation>(EwsRequestReader.Read(body));
        Assert.True(unknown.Name == body.Name, why);
    }
}
