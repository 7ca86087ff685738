using System.Xml.Linq;
using Relay.EndToEnd.Harness;
using Relay.TestKit.Mail;

namespace Relay.EndToEnd;

/// <summary>The main job over real connections: subscribe by mail, act on the mailbox, get the events by mail.</summary>
public sealed class SubscriptionTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private readonly Gateway _gateway = fixture.Gateway;
    private readonly EwsClient _exchange = fixture.Exchange;

    [Fact]
    public async Task A_push_subscription_mailed_by_smtplib_brings_a_notification_within_two_seconds()
    {
        await Python.SkipUnlessAsync("smtplib");
        string envelope = Soap.Envelope(Soap.PushSubscribe("ann@corp.example", "app@branch.example"));
        string code = await Python.RunAsync(
            """
            import smtplib, sys
            server = smtplib.SMTP("127.0.0.1", int(sys.argv[1]))
            server.sendmail("app@branch.example", ["ews@localhost"], sys.argv[2])
            print(server.noop()[0])
            """,
            $"{_gateway.SmtpPort}",
            Soap.Mail("app@branch.example", "ews@localhost", "<subscribe-1@branch.example>", envelope));
        Assert.Equal("250", code);
        RecordedMail answer = await _gateway.AnswerToAsync("<subscribe-1@branch.example>");
        Assert.Equal("Success", (string?)Message(answer).Attribute("ResponseClass"));
        Soap.AssertValid(answer);

        string item = await _exchange.CreateItemAsync("ann@corp.example", "Hello");
        DateTimeOffset created = DateTimeOffset.UtcNow;
        RecordedMail notification = await NotificationAsync("app@branch.example", item);

        Assert.True(notification.At - created < TimeSpan.FromSeconds(2), $"took {notification.At - created}");
        Soap.AssertValid(notification);
        Assert.Empty(_gateway.Smarthost.Complaints);
    }

    [Fact]
    public async Task An_answer_has_the_fields_that_clients_and_mail_servers_look_for()
    {
        string id = await _gateway.MailAsync("app@fields.example", "ews@localhost", Soap.Mail(
            "app@fields.example", "ews@localhost", "<fields-1@fields.example>", Soap.Envelope(Soap.PullSubscribe("ann@fields.example"))));
        RecordedMail answer = await _gateway.AnswerToAsync(id);

        Assert.Equal("<fields-1@fields.example>", id);
        Assert.Equal(("", "app@fields.example"), (answer.Sender, answer.Recipient));
        Assert.Contains("ews@localhost", answer.Field("From"), StringComparison.Ordinal);
        Assert.Contains("app@fields.example", answer.Field("To"), StringComparison.Ordinal);
        Assert.Equal("Re: A request", answer.Subject);
        Assert.Equal("<fields-1@fields.example>", answer.Field("References"));
        Assert.Equal("auto-replied", answer.Field("Auto-Submitted"));
        Assert.Equal("All", answer.Field("X-Auto-Response-Suppress"));
        Assert.StartsWith("text/xml", answer.Field("Content-Type"), StringComparison.Ordinal);
        Assert.Equal("base64", answer.Field("Content-Transfer-Encoding"));
        Assert.Matches("^<[^<>@ ]+@localhost>$", answer.MessageId);
        Assert.NotNull(answer.Field("Date"));
    }

    [Fact]
    public async Task Notifications_of_a_subscription_are_numbered_and_their_watermarks_make_a_chain()
    {
        XElement subscribed = await SubscribeAsync("app@chain.example", Soap.PushSubscribe("ann@chain.example", "app@chain.example"));
        string seen = subscribed.Value("Watermark")!;

        for (int sequence = 1; sequence <= 3; sequence++)
        {
            string item = await _exchange.CreateItemAsync("ann@chain.example", $"Mail {sequence}");
            RecordedMail mail = await NotificationAsync("app@chain.example", item);

            Assert.Equal($"{sequence}", mail.Field("Relay-Sequence"));
            Assert.Equal(subscribed.Value("SubscriptionId"), mail.Field("Relay-Subscription"));
            Assert.Equal(subscribed.Value("SubscriptionId"), Soap.Body(mail).Value("SubscriptionId"));
            Assert.Equal(seen, Soap.Body(mail).Value("PreviousWatermark"));
            seen = Soap.Body(mail).Descendants(Soap.Types + "Watermark").Last().Value;
            Assert.Equal(seen, mail.Field("Relay-Watermark"));
        }
    }

    [Fact]
    public async Task A_notification_has_the_fields_that_people_and_mail_programs_look_for()
    {
        await SubscribeAsync("app@people.example", Soap.PushSubscribe("ann@people.example", "app@people.example"), "<root@people.example>");
        RecordedMail mail = await NotificationAsync("app@people.example", await _exchange.CreateItemAsync("ann@people.example", "x"));

        Assert.Equal("Created in ann@people.example/inbox", mail.Subject);
        Assert.Matches(@"^bounce\+[^@]+@localhost$", mail.Sender);
        Assert.Equal("<root@people.example>", mail.Field("References"));
        Assert.Null(mail.InReplyTo);
        Assert.Equal("auto-generated", mail.Field("Auto-Submitted"));
        Assert.Matches(@"^<mailto:unsubscribe\+[^@]+@localhost>$", mail.Field("List-Unsubscribe"));
        Assert.NotNull(mail.Field("List-Id"));
        Assert.Null(mail.Field("Relay-Caught-Up"));
    }

    [Fact]
    public async Task A_pull_subscription_gives_the_same_events_again_for_the_same_watermark()
    {
        XElement subscribed = await SubscribeAsync("app@pull.example", Soap.PullSubscribe("ann@pull.example"));
        (string id, string start) = (subscribed.Value("SubscriptionId")!, subscribed.Value("Watermark")!);
        Assert.Empty(Ids(await GetEventsAsync("app@pull.example", id, start)));

        string first = await _exchange.CreateItemAsync("ann@pull.example", "1");
        XElement events = await EventsAsync("app@pull.example", id, start, first);
        string end = events.Descendants(Soap.Types + "Watermark").Last().Value;

        Assert.Equal([first], Ids(await GetEventsAsync("app@pull.example", id, start)));
        Assert.Empty(Ids(await GetEventsAsync("app@pull.example", id, end)));
        Assert.Equal("false", events.Value("MoreEvents"));
    }

    [Fact]
    public async Task After_unsubscribe_nothing_is_mailed_and_the_id_is_not_found()
    {
        XElement kept = await SubscribeAsync("app@kept.example", Soap.PushSubscribe("ann@ended.example", "app@kept.example"));
        XElement ended = await SubscribeAsync("app@ended.example", Soap.PushSubscribe("ann@ended.example", "app@ended.example"));
        string id = ended.Value("SubscriptionId")!;

        XElement answer = await AskAsync("app@ended.example", Soap.Unsubscribe(id));
        Assert.Equal("NoError", answer.Value("ResponseCode"));
        string item = await _exchange.CreateItemAsync("ann@ended.example", "x");
        await NotificationAsync("app@kept.example", item);

        Assert.DoesNotContain(_gateway.Smarthost.Mails, mail => mail.Recipient == "app@ended.example" && mail.Field("Relay-Sequence") is not null);
        Assert.Equal("ErrorSubscriptionNotFound", (await AskAsync("app@ended.example", Soap.Unsubscribe(id))).Value("ResponseCode"));
        Assert.NotNull(kept.Value("SubscriptionId"));
    }

    [Fact]
    public async Task A_subscription_of_somebody_else_is_denied()
    {
        XElement subscribed = await SubscribeAsync("app@mine.example", Soap.PullSubscribe("ann@mine.example"));

        XElement answer = await AskAsync("app@other.example", Soap.GetEvents(subscribed.Value("SubscriptionId")!, subscribed.Value("Watermark")!));

        Assert.Equal("ErrorSubscriptionAccessDenied", answer.Value("ResponseCode"));
    }

    [Fact]
    public async Task The_same_subscribe_again_gets_the_same_answer_and_makes_no_second_subscription()
    {
        string mail = Soap.Mail("app@twice.example", "ews@localhost", "<twice@twice.example>", Soap.Envelope(Soap.PullSubscribe("ann@twice.example")));
        await _gateway.MailAsync("app@twice.example", "ews@localhost", mail);
        RecordedMail first = await _gateway.AnswerToAsync("<twice@twice.example>");

        await _gateway.MailAsync("app@twice.example", "ews@localhost", mail);
        RecordedMail second = await _gateway.Smarthost.MailAsync(
            other => other.Number != first.Number && other.InReplyTo == "<twice@twice.example>", "a second answer");

        Assert.Equal(first.BodyText, second.BodyText);
        Assert.Equal(first.MessageId, second.MessageId);
    }

    private static XElement Message(RecordedMail answer) =>
        Soap.Body(answer).Descendants().First(element => element.Attribute("ResponseClass") is not null);

    private static IEnumerable<string> Ids(XElement response) =>
        response.Descendants(Soap.Types + "ItemId").Select(id => (string)id.Attribute("Id")!);

    private async Task<XElement> SubscribeAsync(string from, string body, string? id = null)
    {
        XElement response = await AskAsync(from, body, id);
        Assert.Equal("NoError", response.Value("ResponseCode"));
        return response;
    }

    private async Task<XElement> AskAsync(string from, string body, string? id = null)
    {
        string answersTo = await _gateway.MailAsync(from, "ews@localhost", Soap.Mail(from, "ews@localhost", id, Soap.Envelope(body)));
        RecordedMail answer = await _gateway.AnswerToAsync(answersTo);
        Soap.AssertValid(answer);
        return Soap.Body(answer);
    }

    private Task<XElement> GetEventsAsync(string from, string subscription, string watermark) =>
        AskAsync(from, Soap.GetEvents(subscription, watermark));

    /// <summary>Asks until the event of this item is there.</summary>
    private async Task<XElement> EventsAsync(string from, string subscription, string watermark, string item)
    {
        XElement? found = null;
        await TestKit.Eventually.TrueAsync(
            async () => Ids(found = await GetEventsAsync(from, subscription, watermark)).Contains(item),
            $"GetEvents brings the event of {item}");
        return found!;
    }

    private Task<RecordedMail> NotificationAsync(string subscriber, string item) => _gateway.Smarthost.MailAsync(
        mail => mail.Recipient == subscriber && mail.Field("Relay-Sequence") is not null && mail.BodyText.Contains(item, StringComparison.Ordinal),
        $"a notification of {item} to {subscriber}; the relay wrote:\n{_gateway.Log}");
}
