using Relay.Store;
using static Relay.Tests.Exchange.ExchangeStage;

namespace Relay.Tests.Exchange;

/// <summary>The mailbox that a group's stream is asked for in the name of may be gone, as when somebody leaves: the others must not fall silent with it.</summary>
public sealed class AnchorTests : IAsyncLifetime
{
    private const string Gone = "gone@corp.example";
    private ExchangeStage _stage = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await SetAsync(options => options.Mailboxes = [Ann, Bob]);
        await _stage.Store.CommitAsync(
            transaction =>
            {
                var gone = transaction.Watches.MailboxId(Gone);
                transaction.Watches.AddFolder(new WatchedFolder(gone, "F", "inbox", "S"));
                return gone;
            },
            CancellationToken.None);
        await _stage.StartRelayAsync();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_group_whose_anchor_is_gone_goes_on_with_another()
    {
        await _stage.WatchAsync(Ann, "inbox");
        await _stage.WatchAsync(Bob, "inbox");

        var mail = _stage.Server.DeliverMail(Ann, "Hello", Bob);
        await _stage.ToldAsync(Ann, mail, "Created NewMail");
    }
}
