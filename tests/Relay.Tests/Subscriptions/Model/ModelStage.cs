using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Access;
using Relay.Notifications;
using Relay.Operations;
using Relay.Store;
using Relay.Subscriptions;
using Relay.TestKit;
using Relay.Tests.Store;
using Relay.Wire.Ews;
using Relay.Wire.Smtp;
using Relay.Wire.Soap;

namespace Relay.Tests.Subscriptions.Model;

/// <summary>The relay's inside on a real store, from request to outbox, with a clock that the test moves and without a thread of its own.</summary>
internal sealed class ModelStage : IAsyncDisposable
{
    private readonly SqliteTestStore _database = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<NotificationMeters>().BuildServiceProvider();
    private readonly SubscriberEntry _entry = new()
    {
        Name = "model",
        Addresses = [AddressPattern.Any],
        Proof = Proof.Network,
        Networks = [],
        Mailboxes = [AddressPattern.Any],
        Operations = new HashSet<string>(),
    };

    private NotificationWorker _worker = null!;
    private OperationCatalog _catalog = null!;
    private WatermarkCodec _watermarks = null!;
    private int _requests;

    public ModelStage() => Open();

    public ManualTimeProvider Clock { get; } = new();

    public IStore Store => _database.Current;

    /// <summary>The process dies; what it remembered is gone, what it stored is there.</summary>
    public async Task RestartAsync()
    {
        _worker.Dispose();
        await _database.ReopenAsync();
        Open();
    }

    public Task PassAsync() => _worker.OnceAsync(CancellationToken.None);

    /// <summary>Sends a Subscribe, from a watermark or from now on.</summary>
    public async Task SubscribeAsync(ModelSubscriber subscriber, string? watermark)
    {
        long start = Store.Read(t => t.Events.End()).Value;
        var answer = await AskAsync(subscriber, EwsRequestWriter.Subscribe(subscriber.Request(watermark)), null, subscriber.HeaderBlocks);
        var made = Assert.IsType<EwsResult<EwsSubscribed>.Success>(EwsResponseReader.Subscribe(Envelope(answer!))).Value;
        subscriber.Subscribed(made.SubscriptionId, made.Watermark ?? _watermarks.Encode(new LogPosition(start)));
        if (watermark is null)
        {
            subscriber.From = start;
        }
    }

    public Task<XElement?> AskAsync(ModelSubscriber subscriber, string body, string? inReplyTo = null) =>
        AskAsync(subscriber, XElement.Parse($"<x xmlns:m='{EwsNames.MessagesUri}' xmlns:t='{EwsNames.TypesUri}' xmlns:r='urn:soap-relay:v1'>{body}</x>").Elements().Single(), inReplyTo, []);

    public async Task<EwsNotification> GetEventsAsync(ModelSubscriber subscriber, string id, string watermark)
    {
        var answer = await AskAsync(subscriber, Gateway.Mails.GetEvents(id, watermark));
        return Assert.IsType<EwsResult<EwsNotification>.Success>(EwsResponseReader.GetEvents(Envelope(answer!))).Value;
    }

    public async ValueTask DisposeAsync()
    {
        _worker.Dispose();
        await _services.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static XElement Envelope(XElement body, params IReadOnlyList<XElement> blocks) =>
        new(EwsNames.Soap + "Envelope", new XElement(EwsNames.Soap + "Header", blocks), new XElement(EwsNames.Soap + "Body", body));

    private Principal Principal(ModelSubscriber subscriber) => new(_entry, subscriber.Address);

    private async Task<XElement?> AskAsync(ModelSubscriber subscriber, XElement body, string? inReplyTo, IReadOnlyList<XElement> blocks)
    {
        var operation = _catalog.Find(ServiceKind.Ews, body.Name)!;
        string id = $"<{++_requests}@branch.example>";
        var envelope = Assert.IsType<SoapReadResult.Read>(
            SoapReader.Read(Encoding.UTF8.GetBytes(Envelope(body, blocks).ToString(SaveOptions.DisableFormatting)), "utf-8", SoapLimits.Default)).Envelope;
        var plan = await operation.PlanAsync(
            new OperationRequest
            {
                Principal = Principal(subscriber),
                Service = Address("ews@gateway.example"),
                Envelope = envelope,
                Body = envelope.Body!,
                AnswerTo = Address(subscriber.Address),
                RequestId = id,
                InReplyTo = inReplyTo,
                ReceivedAt = Clock.GetUtcNow(),
                Reply = Reply(subscriber, id),
            },
            CancellationToken.None);
        var answer = await Store.CommitAsync(Assert.IsType<OperationPlan.Commit>(plan).Run, CancellationToken.None);
        if (answer.ChangedSubscription is { } changed)
        {
            Store.Bells.Subscriptions.Ring(changed);
        }

        return answer is OperationAnswer.Response response ? Written(response) : null;
    }

    private static XElement Written(OperationAnswer.Response response)
    {
        var document = new XDocument();
        using (var writer = document.CreateWriter())
        {
            response.WriteBody(writer);
        }

        return document.Root!;
    }

    private static ReplyFrame Reply(ModelSubscriber subscriber, string id) => new()
    {
        From = "ews@gateway.example",
        To = subscriber.Address,
        Subject = "Re: GetStreamingEvents",
        InReplyTo = id,
        References = [id],
        Version = SoapVersion.Soap11,
        Layout = SoapLayout.Flat,
        MediaType = "text/xml",
    };

    private static MailAddress Address(string text) => MailAddress.TryParse(text, out var address) ? address : throw new FormatException(text);

    private void Open()
    {
        var (logId, key) = Store.Read(t => (t.Identity.LogId, t.Identity.SigningKey));
        _watermarks = new WatermarkCodec(logId);
        var ids = new OwnMessageIds(key, new IdSource(RandomNumberGenerator.Create()));
        var composer = new NotificationComposer(_watermarks, new SubscriptionTokens(key), ids);
        _worker = new NotificationWorker(
            Store, composer, new StreamClosing(Store, ids, NullLogger<StreamClosing>.Instance),
            new SubscriptionClock(Store, composer, NullLogger<SubscriptionClock>.Instance),
            new ContentFetching(new NoItems(), Store, Clock, NullLogger<ContentFetching>.Instance), _services.GetRequiredService<NotificationMeters>(), Clock, NullLogger<NotificationWorker>.Instance);
        _catalog = new OperationCatalog(
        [
            new SubscribeOperation(new ModelExchange(Store), _watermarks, new IdSource(RandomNumberGenerator.Create())),
            new GetEventsOperation(Store, _watermarks), new GetStreamingEventsOperation(Clock), new UnsubscribeOperation(), new SendNotificationResultOperation(ids),
            new SubscriptionStateOperation("PauseSubscription", SubscriptionState.Paused, _watermarks),
            new SubscriptionStateOperation("ResumeSubscription", SubscriptionState.Active, _watermarks),
        ]);
    }

    private sealed class NoItems : INotifiedItems
    {
        public Task<IReadOnlyDictionary<string, NotifiedItem>> FetchAsync(
            string mailbox, IReadOnlyList<string> itemIds, int largest, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("No subscription of the model wants to know of items.");
    }
}
