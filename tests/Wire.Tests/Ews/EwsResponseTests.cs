using System.Text;
using System.Xml;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Wire.Tests.Ews;

public sealed class EwsResponseTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly MailboxEvent[] EveryKind =
    [
        Item(MailboxEventType.Created, "W1"),
        Item(MailboxEventType.NewMail, "W2"),
        Item(MailboxEventType.Deleted, "W3"),
        Item(MailboxEventType.FreeBusyChanged, "W4"),
        Item(MailboxEventType.Modified, "W5") with { IsFolder = true, UnreadCount = 3 },
        Item(MailboxEventType.Modified, "W6"),
        Item(MailboxEventType.Moved, "W7") with { OldObject = new EwsId("I0", "CQAAAA=="), OldParentFolder = new EwsId("F0", "AQAAAA==") },
        Item(MailboxEventType.Copied, "W8") with { IsFolder = true, OldObject = new EwsId("F1"), OldParentFolder = new EwsId("F0") },
        MailboxEvent.Status("W9"),
    ];

    public static TheoryData<string, Action<XmlWriter>> ValidBodies => new()
    {
        { "SubscribeResponse of pull", w => EwsResponseWriter.SubscribeResponse(w, "S", "W") },
        { "SubscribeResponse of streaming", w => EwsResponseWriter.SubscribeResponse(w, "S", null) },
        { "GetEventsResponse with all events", w => EwsResponseWriter.GetEventsResponse(w, new("S", "W0", true, EveryKind)) },
        { "GetEventsResponse with none", w => EwsResponseWriter.GetEventsResponse(w, new("S", "W0", false, [])) },
        { "GetEventsResponse with an error", w => EwsResponseWriter.ErrorResponse(w, "GetEvents", EwsErrors.InvalidWatermark) },
        { "throttled", w => EwsResponseWriter.ErrorResponse(w, "Subscribe", EwsErrors.ServerBusy with { BackOff = TimeSpan.FromSeconds(5) }) },
        { "UnsubscribeResponse", EwsResponseWriter.UnsubscribeResponse },
        { "SendNotification", w => EwsResponseWriter.SendNotification(w, new("S", "W0", false, EveryKind)) },
        { "SendNotification of nothing", w => EwsResponseWriter.SendNotification(w, new("S", "W0", false, [])) },
        { "streaming status", w => EwsResponseWriter.StreamingStatus(w, ConnectionStatus.Closed) },
    };

    [Theory]
    [MemberData(nameof(ValidBodies))]
    public void What_is_written_validates_against_the_published_schema(string why, Action<XmlWriter> body)
    {
        var violation = Published.SchemaOrSkip().Validate(Envelope(body));
        Assert.True(violation is null, $"{why}: {violation}");
    }

    [Fact]
    public void Every_error_code_is_in_the_published_schema()
    {
        var schema = Published.SchemaOrSkip();
        var errors = typeof(EwsErrors).GetProperties().Select(property => property.GetValue(null)).OfType<EwsError>().ToList();
        Assert.True(errors.Count > 30);
        Assert.All(errors, error =>
            Assert.Null(schema.Validate(Envelope(w => EwsResponseWriter.ErrorResponse(w, "Unsubscribe", error)))));
    }

    [Fact]
    public void Events_are_read_as_they_were_written()
    {
        var written = new EwsNotification("S", "W0", true, EveryKind);
        var pulled = EwsResponseReader.GetEvents(SafeXml.Load(Envelope(w => EwsResponseWriter.GetEventsResponse(w, written))));
        Assert.Equivalent(written, Success(pulled), strict: true);
        var pushed = EwsResponseReader.SendNotification(SafeXml.Load(Envelope(w => EwsResponseWriter.SendNotification(w, written))));
        Assert.Equivalent(written, Success(pushed), strict: true);
    }

    [Fact]
    public void A_stream_carries_no_watermarks_and_no_status_beside_events()
    {
        var xml = Envelope(w => EwsResponseWriter.StreamingEvents(w, [new("S", "W0", true, EveryKind)]));
        Assert.DoesNotContain("Watermark", xml, StringComparison.Ordinal);
        Assert.DoesNotContain("MoreEvents", xml, StringComparison.Ordinal);
        Assert.DoesNotContain("ConnectionStatus", xml, StringComparison.Ordinal);
        var message = Success(EwsResponseReader.Stream(SafeXml.Load(xml)));
        Assert.Equal(EveryKind.Length, message.Notifications.Single().Events.Count);
        Assert.Null(message.Status);
    }

    [Fact]
    public void A_streamed_error_names_its_subscriptions_where_clients_look_and_closes()
    {
        var xml = Envelope(w => EwsResponseWriter.StreamingError(w, EwsErrors.SubscriptionNotFound, ["S1", "S2"]));
        Assert.Contains("<m:ErrorSubscriptionIds><m:SubscriptionId>S1</m:SubscriptionId>", xml, StringComparison.Ordinal);
        var message = Success(EwsResponseReader.Stream(SafeXml.Load(xml)));
        Assert.Equal(EwsErrors.SubscriptionNotFound, message.Problem);
        Assert.Equal(["S1", "S2"], message.ErrorSubscriptionIds);
        Assert.Equal(ConnectionStatus.Closed, message.Status);
    }

    [Fact]
    public void An_error_push_names_its_subscription_in_the_message_xml()
    {
        var xml = Envelope(w => EwsResponseWriter.SendNotificationError(w, EwsErrors.ReadEventsFailed, "S"));
        Assert.DoesNotContain("Notification>", xml.Replace("SendNotification>", "", StringComparison.Ordinal), StringComparison.Ordinal);
        var error = Assert.IsType<EwsResult<EwsNotification>.Error>(EwsResponseReader.SendNotification(SafeXml.Load(xml)));
        Assert.Equal(EwsErrors.ReadEventsFailed with { SubscriptionId = "S" }, error.Problem);
    }

    [Fact]
    public void An_unknown_event_is_passed_on_untouched()
    {
        const string Element = "<t:LabelledEvent xmlns:t=\"" + EwsNames.TypesUri + "\"><t:Watermark>W</t:Watermark>"
            + "<t:TimeStamp>2026-01-01T12:00:00Z</t:TimeStamp><t:Label>x &amp; y</t:Label></t:LabelledEvent>";
        var xml = Envelope(w => EwsResponseWriter.GetEventsResponse(w, new("S", "W0", false, [MailboxEvent.Status("W0")])))
            .Replace("<t:StatusEvent><t:Watermark>W0</t:Watermark></t:StatusEvent>", Element, StringComparison.Ordinal);
        var read = Success(EwsResponseReader.GetEvents(SafeXml.Load(xml))).Events.Single();
        Assert.Equal((MailboxEventType.Unknown, "W", Noon), (read.Type, read.Watermark, read.TimeStamp));
        var again = Envelope(w => EwsResponseWriter.GetEventsResponse(w, new("S", "W0", false, [read])));
        Assert.Contains("<t:Label>x &amp; y</t:Label>", again, StringComparison.Ordinal);
    }

    [Fact]
    public void An_item_that_was_modified_never_bears_an_unread_count()
    {
        var item = Item(MailboxEventType.Modified, "W") with { UnreadCount = 3 };
        var xml = Envelope(w => EwsResponseWriter.GetEventsResponse(w, new("S", "W0", false, [item])));
        Assert.DoesNotContain("UnreadCount", xml, StringComparison.Ordinal);
    }

    private static MailboxEvent Item(MailboxEventType type, string watermark) => new()
    {
        Type = type,
        Watermark = watermark,
        TimeStamp = Noon,
        Object = new EwsId("I", "CQAAAA=="),
        ParentFolder = new EwsId("F", "AQAAAA=="),
    };

    private static T Success<T>(EwsResult<T> result) => Assert.IsType<EwsResult<T>.Success>(result).Value;

    private static string Envelope(Action<XmlWriter> body)
    {
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true }))
        {
            writer.WriteStartElement("s", "Envelope", EwsNames.SoapUri);
            writer.WriteStartElement("s", "Body", EwsNames.SoapUri);
            body(writer);
            writer.WriteEndElement();
            writer.WriteEndElement();
        }

        return text.ToString();
    }
}
