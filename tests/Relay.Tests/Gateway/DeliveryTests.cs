using System.Text;
using System.Xml.Linq;
using Relay.ExchangeSimulator;
using Relay.Store;
using Relay.TestKit;
using Relay.TestKit.Mail;
using Relay.Wire.Mime;

namespace Relay.Tests.Gateway;

/// <summary>What a push subscriber may wish for: digests, net effects, what is told of items, the size of mails.</summary>
public sealed class DeliveryTests : IAsyncLifetime
{
    private static readonly XNamespace R = "urn:soap-relay:v1";

    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await TestGateway.StartAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task A_digest_waits_for_its_time_and_tells_all_that_came_meanwhile()
    {
        var answer = await SubscribeAsync("<r:Digest><r:Minutes>15</r:Minutes></r:Digest>");
        Deliver(3);
        await _gateway.LoggedAsync(3);
        _gateway.Pass(TimeSpan.FromMinutes(14));
        await _gateway.SettledAsync();
        Assert.Empty(Notifications());
        Deliver(1);
        await _gateway.LoggedAsync(4);
        _gateway.Pass(TimeSpan.FromMinutes(1));
        var mail = await NotificationAsync(1);
        Assert.Equal(4, mail.Events().Count);
        Assert.Equal("4 events in ann@corp.example/inbox", mail.Subject);
        Assert.Equal(answer.Value("Watermark"), mail.Value("PreviousWatermark"));
        Assert.Equal("false", mail.Value("MoreEvents"));
    }

    [Fact]
    public async Task A_digest_is_told_early_when_it_has_enough_events_and_so_is_the_next()
    {
        await SubscribeAsync("<r:Digest><r:Events>3</r:Events><r:Minutes>15</r:Minutes></r:Digest>");
        Deliver(2);
        await _gateway.LoggedAsync(2);
        await _gateway.SettledAsync();
        Assert.Empty(Notifications());
        Deliver(5);
        var first = await NotificationAsync(1);
        var second = await NotificationAsync(2);
        Assert.Equal([3, 3], new[] { first.Events().Count, second.Events().Count });
        Assert.Equal(first.Field("Relay-Watermark"), second.Value("PreviousWatermark"));
        await _gateway.SettledAsync();
        Assert.Equal(2, Notifications().Count);
        _gateway.Pass(TimeSpan.FromMinutes(16));
        Assert.Single((await NotificationAsync(3)).Events());
    }

    [Fact]
    public async Task A_status_does_not_overtake_a_digest()
    {
        await SubscribeAsync("<r:Digest><r:Minutes>60</r:Minutes></r:Digest>");
        Deliver(1);
        await _gateway.LoggedAsync(1);
        _gateway.Pass(TimeSpan.FromMinutes(31));
        Assert.Equal("NewMailEvent", Assert.Single((await NotificationAsync(1)).Events()).Name.LocalName);
    }

    [Fact]
    public async Task A_gap_is_told_at_once_though_a_digest_is_being_collected()
    {
        await SubscribeAsync("<r:Digest><r:Minutes>15</r:Minutes></r:Digest>");
        Deliver(1);
        await _gateway.LoggedAsync(1);
        await _gateway.SettledAsync();
        Assert.Empty(Notifications());
        var gap = new EventGap(null, DateTimeOffset.UnixEpoch, null, "for a test");
        await _gateway.Store.CommitAsync(
            t => t.Events.AppendGap(t.Watches.MailboxId("ann@corp.example"), gap, DateTimeOffset.UnixEpoch), CancellationToken.None);
        Assert.Single((await NotificationAsync(1)).Events());
        Assert.NotNull((await NotificationAsync(2)).Field("Relay-Gap"));
    }

    [Fact]
    public async Task A_digest_is_collected_on_across_a_restart()
    {
        await SubscribeAsync("<r:Digest><r:Minutes>15</r:Minutes></r:Digest>");
        Deliver(2);
        await _gateway.LoggedAsync(2);
        _gateway.Pass(TimeSpan.FromMinutes(10));
        await _gateway.StopRelayAsync();
        await _gateway.StartRelayAsync();
        await _gateway.SettledAsync();
        Assert.Empty(Notifications());
        _gateway.Pass(TimeSpan.FromMinutes(6));
        Assert.Equal(2, (await NotificationAsync(1)).Events().Count);
    }

    [Fact]
    public async Task Coalesced_events_of_one_item_are_their_net_effect()
    {
        await SubscribeAsync("<r:Digest><r:Minutes>15</r:Minutes></r:Digest><r:Coalesce/>", "NewMailEvent CreatedEvent ModifiedEvent DeletedEvent MovedEvent", "<t:EventType>CopiedEvent</t:EventType>");
        var item = _gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example");
        item = _gateway.Exchange.MarkRead(item, true);
        var gone = _gateway.Exchange.DeliverMail("ann@corp.example", "Order 2", "shop@web.example");
        _gateway.Exchange.DeleteItem(gone);
        await Eventually.TrueAsync(() => Logged().Any(logged => logged.Event.Type == Wire.Ews.MailboxEventType.Deleted), "the last event");
        _gateway.Pass(TimeSpan.FromMinutes(16));
        var mail = await NotificationAsync(1);
        var told = mail.Events().Where(e => e.Elements().Any(child => child.Name.LocalName == "ItemId")).ToList();
        var only = Assert.Single(told);
        Assert.Equal("NewMailEvent", only.Name.LocalName);
        Assert.Equal(item.Id, only.Elements().Single(child => child.Name.LocalName == "ItemId").Attribute("Id")!.Value);
        Assert.Equal(mail.Field("Relay-Watermark"), mail.Events()[^1].Elements().First().Value);
    }

    [Fact]
    public async Task Net_effects_are_told_in_mails_of_as_many_events_as_any()
    {
        await SubscribeAsync("<r:Coalesce/>");
        await PauseAsync("PauseSubscription");
        Deliver(120);
        await _gateway.LoggedAsync(120);
        await PauseAsync("ResumeSubscription");
        await Eventually.TrueAsync(() => Notifications().Sum(mail => mail.Events().Count) >= 120, "120 events");
        Assert.Equal([50, 50, 20], Notifications().Select(mail => mail.Events().Count));
    }

    [Fact]
    public async Task Properties_of_items_come_in_a_header_block_and_the_body_stays_valid()
    {
        await SubscribeAsync("<r:Content>Properties</r:Content>");
        var item = _gateway.Exchange.DeliverMail("ann@corp.example", "Bestellung 1 für Müller", "shop@web.example");
        var mail = await NotificationAsync(1);
        var told = Assert.Single(Items(mail));
        Assert.Equal(item.Id, told.Attribute("Id")!.Value);
        Assert.Equal("Told", told.Attribute("State")!.Value);
        Assert.Equal("Bestellung 1 für Müller", told.Element(R + "Subject")!.Value);
        Assert.Equal("shop@web.example", told.Element(R + "From")!.Value);
        Assert.EndsWith("Z", told.Element(R + "Received")!.Value, StringComparison.Ordinal);
        Assert.Null(told.Element(R + "Content"));
        if (ExchangeSchema.Find() is { } schema)
        {
            Assert.Empty(schema.Violations(mail.BodyText));
        }
    }

    [Fact]
    public async Task Many_who_hear_of_one_item_have_Exchange_asked_a_few_times()
    {
        const int Subscribers = 16;
        for (int i = 0; i < Subscribers; i++)
        {
            await SubscribeAsync("<r:Content>Properties</r:Content>", id: $"sub{i}@branch.example");
        }

        _gateway.Exchange.Arm(SimulatorFault.Stall, count: 100, operation: "GetItem", delay: TimeSpan.FromMilliseconds(300));
        Deliver(1);
        await Eventually.TrueAsync(() => Notifications().Count == Subscribers, "a notification for each");
        Assert.All(Notifications(), mail => Assert.Equal("Told", Assert.Single(Items(mail)).Attribute("State")!.Value));
        int left = _gateway.Exchange.ArmedFaults.Count > 0 ? int.Parse(_gateway.Exchange.ArmedFaults[0].Split(' ').First(word => int.TryParse(word, out _)), System.Globalization.CultureInfo.InvariantCulture) : 0;
        Assert.InRange(100 - left, 1, 6);
    }

    public static TheoryData<string, string, string> Bodies => new()
    {
        { "what is 7bit travels as a mail", "Hello", "message/rfc822" },
        { "anything else as octets", "Grüße", "application/octet-stream" },
        { "lines that look like ends of mails and of parts", ".\r\n..\r\n--=_x\r\nFrom me", "message/rfc822" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Items_come_as_parts_of_the_mail(string why, string body, string mediaType)
    {
        Assert.NotEmpty(why);
        await SubscribeAsync("<r:Content>Items</r:Content>");
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example", body);
        var mail = await NotificationAsync(1);
        var root = Assert.IsType<MimeReadResult.Read>(MimeReader.Read(mail.Content, MimeLimits.Default)).Root;
        Assert.Equal("multipart/related", root.ContentType.MediaType);
        var part = root.Parts[1];
        Assert.Equal(mediaType, part.ContentType.MediaType);
        var told = Assert.Single(Items(mail));
        Assert.Equal($"cid:{part.ContentId}", told.Element(R + "Content")!.Attribute("href")!.Value);
        string item = Encoding.UTF8.GetString(Assert.IsType<MimeDecodeResult.Decoded>(part.Decode(MimeLimits.Default)).Octets.Span);
        Assert.Contains("Subject: Order 1\r\n", item, StringComparison.Ordinal);
        Assert.Contains($"\r\n\r\n{body}", item, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_item_that_is_gone_is_told_without_and_marked()
    {
        await SubscribeAsync("<r:Content>Items</r:Content>", "CreatedEvent");
        await PauseAsync("PauseSubscription");
        var gone = _gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example");
        _gateway.Exchange.DeleteItem(gone);
        _gateway.Exchange.DeliverMail("ann@corp.example", "Order 2", "shop@web.example");
        await _gateway.LoggedAsync(2);
        await PauseAsync("ResumeSubscription");
        var mail = await NotificationAsync(1);
        Assert.Equal(2, mail.Events().Count);
        Assert.Equal(["Gone", "Told"], Items(mail).Select(item => item.Attribute("State")!.Value));
        Assert.Empty(Items(mail)[0].Elements());
    }

    [Fact]
    public async Task An_Exchange_that_refuses_or_stalls_keeps_no_event_back()
    {
        await SubscribeAsync("<r:Content>Properties</r:Content>");
        _gateway.Exchange.Arm(SimulatorFault.ServerBusy, operation: "GetItem", delay: TimeSpan.FromMilliseconds(1));
        Deliver(1);
        var refused = await NotificationAsync(1);
        Assert.Equal("Unavailable", Assert.Single(Items(refused)).Attribute("State")!.Value);

        _gateway.Exchange.Arm(SimulatorFault.Stall, count: 4, operation: "GetItem", delay: TimeSpan.FromMinutes(10));
        await _gateway.AskAsync(Mails.Push(), "other@branch.example");
        Deliver(1);
        await Eventually.TrueAsync(() => Notifications().Any(mail => mail.Field("References") == "<other@branch.example>"), "the other subscription's mail");
        Assert.Single(Notifications(), mail => mail.Field("References") == "<sub@branch.example>");
        _gateway.Pass(TimeSpan.FromSeconds(16));
        var late = await _gateway.Smarthost.MailAsync(
            mail => mail.Field("Relay-Sequence") == "2" && mail.Field("References") == "<sub@branch.example>", "the second notification");
        Assert.Equal("Unavailable", Assert.Single(Items(late)).Attribute("State")!.Value);
        Assert.Equal(refused.Field("Relay-Watermark"), late.Value("PreviousWatermark"));
    }

    [Fact]
    public async Task What_would_be_larger_than_wished_is_told_in_several_mails_whose_chain_holds()
    {
        await SubscribeAsync("<r:LargestMail>16384</r:LargestMail>");
        await PauseAsync("PauseSubscription");
        Deliver(60);
        await _gateway.LoggedAsync(60);
        await PauseAsync("ResumeSubscription");
        await Eventually.TrueAsync(() => Notifications().Sum(mail => mail.Events().Count) >= 60, "60 events");
        var mails = Notifications();
        Assert.True(mails.Count > 2, $"{mails.Count} mails");
        Assert.All(mails, mail => Assert.InRange(mail.Content.Length, 1, 16384 + 1024)); // what servers on the way add
        Assert.All(mails.Zip(mails.Skip(1)), pair => Assert.Equal(pair.First.Field("Relay-Watermark"), pair.Second.Value("PreviousWatermark")));
        Assert.All(mails.SkipLast(1), mail => Assert.Equal("true", mail.Value("MoreEvents")));
        Assert.Equal(60, mails.SelectMany(mail => mail.Events()).Select(e => e.Elements().First().Value).Distinct().Count());
    }

    [Fact]
    public async Task Items_fill_a_mail_up_to_the_size_and_one_that_fits_into_none_is_left_out()
    {
        await SubscribeAsync("<r:Content>Items</r:Content><r:LargestMail>65536</r:LargestMail><r:Digest><r:Events>4</r:Events><r:Minutes>60</r:Minutes></r:Digest>");
        foreach (int length in new[] { 20_000, 20_000, 100_000, 40_000 })
        {
            string text = string.Join("\r\n", Enumerable.Repeat(new string('x', 70), length / 72));
            _gateway.Exchange.DeliverMail("ann@corp.example", $"{length}", "shop@web.example", text);
        }

        await Eventually.TrueAsync(() => Notifications().Sum(mail => mail.Events().Count) >= 4, "4 events");
        var mails = Notifications();
        Assert.True(mails.Count > 1, $"{mails.Count} mails");
        Assert.All(mails, mail => Assert.InRange(mail.Content.Length, 1, 65536 + 1024));
        Assert.All(mails.Zip(mails.Skip(1)), pair => Assert.Equal(pair.First.Field("Relay-Watermark"), pair.Second.Value("PreviousWatermark")));
        var items = mails.SelectMany(Items).ToList();
        Assert.Equal(["Told", "Told", "TooLarge", "Told"], items.Select(item => item.Attribute("State")!.Value));
        Assert.Equal("100000", items[2].Element(R + "Subject")!.Value);
        Assert.Null(items[2].Element(R + "Content"));
    }

    public static TheoryData<string, string, string> BadWishes => new()
    {
        { "a value out of range", Mails.Push(), "<r:Digest><r:Minutes>0</r:Minutes></r:Digest>" },
        { "a wish that nobody knows", Mails.Push(), "<r:Colour>red</r:Colour>" },
        { "a pull subscription", Mails.Pull(), "<r:Coalesce/>" },
        { "a stream", Mails.Streaming(), "<r:Coalesce/>" },
    };

    [Theory]
    [MemberData(nameof(BadWishes))]
    public async Task A_wish_that_cannot_be_granted_is_a_fault_that_says_why(string why, string body, string wishes)
    {
        Assert.NotEmpty(why);
        await _gateway.SendAsync(Mails.Request(body, "sub@branch.example", header: Header(wishes)));
        var answer = await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<sub@branch.example>", "the answer");
        Assert.Equal("Fault", answer.Operation().Name.LocalName);
        Assert.Contains("r:", answer.Value("faultstring"), StringComparison.Ordinal);
        Assert.Equal("ErrorInvalidRequest", answer.Value("ResponseCode"));
        Assert.Equal(0, _gateway.Store.Read(t => t.Subscriptions.CountActive()));
    }

    [Fact]
    public async Task Wishes_are_told_to_the_owner_who_asks()
    {
        var answer = await SubscribeAsync("<r:Digest><r:Events>7</r:Events><r:Minutes>15</r:Minutes></r:Digest><r:Content>Properties</r:Content>");
        var told = await _gateway.AskAsync(
            $"<r:GetSubscription xmlns:r='urn:soap-relay:v1'><r:SubscriptionId>{answer.Value("SubscriptionId")}</r:SubscriptionId></r:GetSubscription>", "get@branch.example");
        var report = new Relay.Operator.SubscriptionDesk(_gateway.Store, TimeProvider.System).Show(answer.Value("SubscriptionId")!);
        Assert.Equal("digests of 7 events or 15 minutes, properties", report!.Value.Subscription.Delivery);
        Assert.Equal("7 15 Properties", $"{told.Value("Events")} {told.Value("Minutes")} {told.Value("Content")}");
    }

    [Fact]
    public async Task An_entry_has_wishes_of_its_own_and_must_name_GetItem_where_items_are_told()
    {
        await _gateway.RestartAsync(
            ("Access:Subscribers:0:Name", "apps"), ("Access:Subscribers:0:Address", "*"), ("Access:Subscribers:0:Networks", "127.0.0.0/8"),
            ("Access:Subscribers:0:Mailboxes", "*"), ("Access:Subscribers:0:Delivery:DigestMinutes", "15"));
        await _gateway.SendAsync(Mails.Request(Mails.Push(), "no@branch.example", header: Header("<r:Content>Properties</r:Content>")));
        var denied = await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<no@branch.example>", "the answer");
        Assert.Equal("ErrorAccessDenied", denied.Value("ResponseCode"));

        await _gateway.AskAsync(Mails.Push(), "sub@branch.example");
        await SubscribeAsync("<r:Digest/>", id: "now@branch.example");
        Deliver(1);
        var now = await _gateway.Smarthost.MailAsync(mail => mail.Field("Relay-Sequence") == "1", "a notification");
        Assert.Equal("<now@branch.example>", now.Field("References"));
        await _gateway.SettledAsync();
        Assert.Single(Notifications());
    }

    [Fact]
    public async Task Content_is_told_no_more_when_the_right_to_it_is_taken()
    {
        (string, string?)[] entry =
        [
            ("Access:Subscribers:0:Name", "apps"), ("Access:Subscribers:0:Address", "*"), ("Access:Subscribers:0:Networks", "127.0.0.0/8"),
            ("Access:Subscribers:0:Mailboxes", "*"), ("Access:Subscribers:0:Operations", "*"),
        ];
        await _gateway.RestartAsync(entry);
        await SubscribeAsync("<r:Content>Properties</r:Content><r:LargestMail>20000</r:LargestMail>");
        Deliver(1);
        Assert.Single(Items(await NotificationAsync(1)));
        await _gateway.RestartAsync(("Access:Subscribers:0:Operations", null));
        await _gateway.StreamingAsync();
        Deliver(1);
        Assert.Empty(Items(await NotificationAsync(2)));
        Assert.Equal(20000, Relay.Subscriptions.SubscriptionSettings.Of(_gateway.Store.Read(t => t.Subscriptions.Active())[0]).Delivery!.LargestMail);
    }

    private static string Header(string wishes) => $"<s:Header><r:Delivery xmlns:r='urn:soap-relay:v1' s:mustUnderstand='1'>{wishes}</r:Delivery></s:Header>";

    private static List<XElement> Items(RecordedMail mail) => [.. mail.Envelope().Descendants(R + "Item")];

    private async Task<RecordedMail> SubscribeAsync(string wishes, string events = "NewMailEvent", string more = "", string id = "sub@branch.example")
    {
        string body = Mails.Push(events).Replace("</t:EventTypes>", more + "</t:EventTypes>", StringComparison.Ordinal);
        await _gateway.SendAsync(Mails.Request(body, id, header: Header(wishes)));
        var answer = await _gateway.Smarthost.MailAsync(mail => mail.InReplyTo == $"<{id}>", "the answer");
        Assert.Equal("NoError", answer.Value("ResponseCode"));
        await _gateway.StreamingAsync();
        return answer;
    }

    private async Task PauseAsync(string operation)
    {
        string id = _gateway.Store.Read(t => t.Subscriptions.Active())[0].PublicId;
        await _gateway.AskAsync($"<r:{operation} xmlns:r='urn:soap-relay:v1'><r:SubscriptionId>{id}</r:SubscriptionId></r:{operation}>", $"{operation}@branch.example");
    }

    private void Deliver(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _gateway.Exchange.DeliverMail("ann@corp.example", $"Order {i}", "shop@web.example");
        }
    }

    private IReadOnlyList<LoggedEvent> Logged() =>
        _gateway.Store.Read(t => t.Events.After(t.Watches.FindMailbox("ann@corp.example") ?? 0, new LogPosition(0), 1000));

    private IReadOnlyList<RecordedMail> Notifications() => [.. _gateway.Smarthost.Mails.Where(mail => mail.Field("Relay-Sequence") is not null)];

    private Task<RecordedMail> NotificationAsync(int sequence) =>
        _gateway.Smarthost.MailAsync(mail => mail.Field("Relay-Sequence") == $"{sequence}", $"notification {sequence}");
}
