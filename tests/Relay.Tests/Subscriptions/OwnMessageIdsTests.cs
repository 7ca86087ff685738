using System.Security.Cryptography;
using Relay.Store;
using Relay.Subscriptions;

namespace Relay.Tests.Subscriptions;

public sealed class OwnMessageIdsTests
{
    private static readonly NotificationId Expected = new(42, 17);

    private readonly OwnMessageIds _ids = new([5, 6, 7], new IdSource(RandomNumberGenerator.Create()));

    [Fact]
    public void An_answers_id_is_ours() => Assert.True(_ids.Names(_ids.NewAnswer("gateway.example")));

    [Fact]
    public void A_notifications_id_names_its_subscription_and_number() =>
        Assert.Equal(Expected, _ids.NotificationIn(_ids.NewNotification(42, 17, "gateway.example")));

    [Fact]
    public void It_is_found_among_others_and_without_brackets()
    {
        string id = _ids.NewNotification(42, 17, "gateway.example");
        Assert.Equal(Expected, _ids.NotificationIn($"<other@x.example> {id}"));
        Assert.Equal(Expected, _ids.NotificationIn(id.Trim('<', '>')));
        Assert.Equal(Expected, _ids.NotificationIn($"\r\n\t{id}"));
    }

    [Fact]
    public void An_answers_id_names_no_subscription() => Assert.Null(_ids.NotificationIn(_ids.NewAnswer("gateway.example")));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2")]
    [InlineData("<a.b.c@gateway.example>")]
    [InlineData("<n.42.17.0123456789abcdef.0123456789abcdef@gateway.example>")]
    public void Anybody_elses_id_is_not_ours(string? raw)
    {
        Assert.False(_ids.Names(raw));
        Assert.Null(_ids.NotificationIn(raw));
    }

    [Fact]
    public void No_two_ids_are_the_same() =>
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => _ids.NewAnswer("gateway.example")).Distinct().Count());
}
