using Relay.Store;
using Relay.Subscriptions;
using Relay.Tests.Store;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Tests.Subscriptions;

/// <summary>
/// The same item is told to have come by the folder over all items as it happens, and by its own folder while catching up: news for those who
/// watch that folder, told once to those who watch all (the contract's rule of CreatedEvent).
/// </summary>
public sealed class EventPageTests : IAsyncLifetime
{
    private readonly SqliteTestStore _database = new();

    public async ValueTask InitializeAsync()
    {
        await AppendAsync("thrown", "allitems", caughtUp: false);
        await AppendAsync("thrown", "deleteditems", caughtUp: true);
        await AppendAsync("new", "deleteditems", caughtUp: true);
        await AppendAsync("again", "deleteditems", caughtUp: false);
        await AppendAsync("again", "allitems", caughtUp: false);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData("all folders", null, "thrown@allitems new@deleteditems again@deleteditems again@allitems")]
    [InlineData("its own folder", "deleteditems", "thrown@deleteditems new@deleteditems again@deleteditems")]
    public void What_is_caught_up_of_an_item_that_was_told_to_have_come_is_left_out(string why, string? folder, string told)
    {
        var page = _database.Current.Read(transaction => EventPage.Read(transaction.Events, Sample(folder), new LogPosition(0)));

        Assert.True(told == string.Join(' ', page.Events.Select(logged => $"{logged.Event.Object.Id}@{logged.Event.ParentFolder.Id}")), why);
    }

    private async Task AppendAsync(string item, string parent, bool caughtUp) => await _database.Current.CommitAsync(
        transaction => transaction.Events.Append(1, [Created(item, parent)], caughtUp, DateTimeOffset.UnixEpoch), CancellationToken.None);

    private static MailboxEvent Created(string item, string parent) => new()
    {
        Type = MailboxEventType.Created,
        Object = new EwsId(item),
        ParentFolder = new EwsId(parent),
    };

    private static Subscription Sample(string? folder) => new(
        1, "S", "p", SubscriptionKind.Push, 1, folder is null, folder is null ? [] : [new SubscribedFolder(folder, folder)],
        EwsEventTypes.Created, 30, "app@branch.example", "ews@gateway.example",
        SoapVersion.Soap11, null, new LogPosition(0), 0, SubscriptionState.Active, null, default, default, null);
}
