using System.Text;
using System.Xml.Linq;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Wire.Tests.Ews;

/// <summary>Everything that a real server of another make answered, with all its departures from Exchange.</summary>
public sealed class CapturedTrafficTests
{
    [Theory]
    [InlineData("raw-03-Subscribe-pull", "AQAAAAUAAAA=")]
    [InlineData("raw-22-Subscribe-pull-all-folders", null)]
    [InlineData("raw-28-Subscribe-push", "BAAAAAEAAAA=")]
    [InlineData("raw-42-Subscribe-streaming", null)]
    [InlineData("exchangelib-004-Subscribe", "AwAAAAUAAAA=")]
    public void A_subscription_has_an_id_and_no_watermark(string name, string? id)
    {
        var subscribed = Success(EwsResponseReader.Subscribe(Load(name)));
        Assert.Null(subscribed.Watermark);
        Assert.Equal(id ?? subscribed.SubscriptionId, subscribed.SubscriptionId);
    }

    [Theory]
    [InlineData("nothing new", "raw-04-GetEvents-empty", "Status")]
    [InlineData("after an update", "raw-08-GetEvents-modified", "Modified Modified Modified")]
    [InlineData("after a copy", "raw-10-GetEvents-copied", "Status")]
    [InlineData("after a move", "raw-13-GetEvents-moved", "Created Modified Modified")]
    [InlineData("after a deletion", "raw-15-GetEvents-deleted", "Modified")]
    [InlineData("after a delivery", "raw-16-GetEvents-newmail", "Created Modified NewMail")]
    public void Pulled_events_are_read_without_watermarks_and_with_nine_digit_times(string why, string name, string types)
    {
        var notification = Success(EwsResponseReader.GetEvents(Load(name)));
        Assert.True(types == string.Join(' ', notification.Events.Select(item => item.Type)), why);
        Assert.Equal(("AQAAAAUAAAA=", null, false), (notification.SubscriptionId, notification.PreviousWatermark, notification.MoreEvents));
        Assert.All(notification.Events.Where(item => item.Type != MailboxEventType.Status), item =>
        {
            Assert.Equal(new DateTime(2026, 11, 21, 17, 0, 0), item.TimeStamp.UtcDateTime.AddMinutes(-item.TimeStamp.Minute).AddTicks(-(item.TimeStamp.Ticks % TimeSpan.TicksPerMinute)));
            Assert.NotEmpty(item.Object.Id);
            Assert.NotEmpty(item.ParentFolder.Id);
            Assert.Null(item.Object.ChangeKey);
        });
    }

    [Theory]
    [InlineData("ended twice", "raw-18-Unsubscribe-again", "ErrorSubscriptionNotFound", false)]
    [InlineData("not known", "raw-21-GetEvents-unknown-id", "ErrorInvalidSubscription", false)]
    [InlineData("not an id", "raw-20-GetEvents-garbage-id", "Client", true)]
    [InlineData("not XML", "raw-38-malformed-xml", "Server", true)]
    [InlineData("no such operation", "raw-39-unknown-operation", "Server", true)]
    [InlineData("a folder id of another kind", "raw-27-Subscribe-pull-bad-folder", "ErrorInvalidId", true)]
    public void Errors_and_faults_are_values(string why, string name, string code, bool isFault)
    {
        var error = Assert.IsType<EwsResult<EwsNotification>.Error>(EwsResponseReader.GetEvents(Load(name))).Problem;
        Assert.True((code, isFault) == (error.ResponseCode, error.IsFault), why);
        Assert.NotEmpty(error.MessageText);
    }

    [Theory]
    [InlineData("raw-44-GetStreamingEvents-two-subs-full-minute")]
    [InlineData("raw-48-GetStreamingEvents-reconnect")]
    [InlineData("raw-53-GetStreamingEvents-timeout-0")]
    [InlineData("raw-54-GetStreamingEvents-timeout-31-cut-by-client")]
    [InlineData("exchangelib-008-GetStreamingEvents")]
    public void Streams_are_cut_and_read_in_pieces_of_any_size(string name)
    {
        var octets = File.ReadAllBytes(PathOf(name));
        var whole = Cut(octets, octets.Length);
        Assert.Equal(Encoding.UTF8.GetString(octets).Split("<SOAP:Envelope").Length - 1, whole.Count);
        foreach (var size in (int[])[1, 7, 1000])
        {
            Assert.Equal(whole, Cut(octets, size));
        }

        var messages = whole.ConvertAll(xml => Success(EwsResponseReader.Stream(SafeXml.Load(xml))));
        Assert.All(messages, message => Assert.Null(message.Problem));
        Assert.Equal(ConnectionStatus.OK, messages[0].Status);
    }

    [Fact]
    public void Events_of_a_stream_name_their_subscription()
    {
        var messages = Cut(File.ReadAllBytes(PathOf("exchangelib-008-GetStreamingEvents")), 100)
            .ConvertAll(xml => Success(EwsResponseReader.Stream(SafeXml.Load(xml))));
        var notification = messages.SelectMany(message => message.Notifications).First();
        Assert.Equal("BAAAAAUAAAA=", notification.SubscriptionId);
        Assert.Contains(notification.Events, item => item.Type == MailboxEventType.Created);
    }

    [Theory]
    [InlineData("raw-50-GetStreamingEvents-bad-id")]
    [InlineData("raw-51-GetStreamingEvents-one-good-one-bad")]
    public void A_streamed_error_with_ids_in_no_namespace_is_read(string name)
    {
        var messages = Cut(File.ReadAllBytes(PathOf(name)), 1000).ConvertAll(xml => Success(EwsResponseReader.Stream(SafeXml.Load(xml))));
        var first = messages.First(message => message.Problem is not null);
        Assert.Equal("ErrorInvalidSubscription", first.Problem!.ResponseCode);
        Assert.NotEmpty(first.ErrorSubscriptionIds);
    }

    [Fact]
    public void Synchronisation_tells_creations_and_deletions()
    {
        var first = Success(EwsResponseReader.Sync(Load("raw-29-SyncFolderItems-first")));
        Assert.True(first.IsLast);
        Assert.True(first.Changes.Count > 5);
        Assert.All(first.Changes, change => Assert.Equal((EwsChangeKind.Create, false), (change.Kind, change.IsFolder)));
        var deleted = Success(EwsResponseReader.Sync(Load("raw-33-SyncFolderItems-delete"))).Changes.Single();
        Assert.Equal(EwsChangeKind.Delete, deleted.Kind);
        Assert.NotEmpty(deleted.Id.Id);
    }

    [Fact]
    public void Folders_and_items_are_read_one_by_one()
    {
        var folder = Success(Success(EwsResponseReader.Folders(Load("raw-01-GetFolder"))).Single());
        Assert.Equal("Inbox", folder.DisplayName);
        var item = Success(Success(EwsResponseReader.Items(Load("raw-35-GetItem"))).Single());
        Assert.Equal(("Message", "delivered", "a@test.invalid"), (item.Kind, item.Subject, item.From));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 17, 0, 0, TimeSpan.Zero), item.Received);
        var gone = Assert.IsType<EwsResult<EwsItem>.Error>(Success(EwsResponseReader.Items(Load("raw-36-GetItem-gone"))).Single());
        Assert.Equal("ErrorItemNotFound", gone.Problem.ResponseCode);
    }

    private static List<string> Cut(byte[] octets, int size)
    {
        var splitter = new EwsEnvelopeSplitter();
        var envelopes = new List<string>();
        foreach (var piece in octets.Chunk(size))
        {
            splitter.Append(piece);
            while (splitter.TryTake(out var envelope))
            {
                envelopes.Add(Encoding.UTF8.GetString(envelope.Span));
            }
        }

        return envelopes;
    }

    private static XElement Load(string name) => SafeXml.Load(File.ReadAllText(PathOf(name)));

    private static string PathOf(string name) => Path.Combine(Published.SamplesOrSkip(), $"gromox-{name}-response.xml");

    private static T Success<T>(EwsResult<T> result) => Assert.IsType<EwsResult<T>.Success>(result).Value;
}
