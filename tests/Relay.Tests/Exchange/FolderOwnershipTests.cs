using Relay.Exchange;
using Relay.Wire.Ews;
using static Relay.Tests.Exchange.ExchangeStage;

namespace Relay.Tests.Exchange;

/// <summary>Who may watch Ann's mailbox may not watch Bob's folders by their ids, although the relay's account may read them.</summary>
public sealed class FolderOwnershipTests : IAsyncLifetime
{
    private ExchangeStage _stage = null!;

    public async ValueTask InitializeAsync() => _stage = await SetAsync();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Theory]
    [InlineData("the account asks for itself", false)]
    [InlineData("the account acts for Ann, who may have rights to Bob's folders", true)]
    public async Task A_folder_of_another_mailbox_is_refused_as_Exchange_refuses_it(string why, bool impersonate)
    {
        _stage.Options.Impersonate = impersonate;
        await _stage.StartRelayAsync();
        var inbox = await IdAsync(Ann, "inbox");
        var bobs = await IdAsync(Bob, "inbox");
        var bobsRoot = await IdAsync(Bob, "root");

        Assert.IsType<FolderResolution.Resolved>(await ResolveAsync(inbox));
        Assert.Equal("ErrorAccessDenied", Assert.IsType<FolderResolution.Failed>(await ResolveAsync(bobs)).Error.ResponseCode);
        Assert.True(await ResolveAsync(bobsRoot) is FolderResolution.Failed, why);
        Assert.True(await ResolveAsync(inbox, bobs) is FolderResolution.Failed, why);
    }

    [Fact]
    public async Task Folders_above_and_below_each_other_and_the_root_itself_are_the_mailboxes_own()
    {
        await _stage.StartRelayAsync();
        var root = await IdAsync(Ann, "root");
        var top = await IdAsync(Ann, "msgfolderroot");
        var deletions = await IdAsync(Ann, "recoverableitemsdeletions");

        Assert.IsType<FolderResolution.Resolved>(await ResolveAsync(await IdAsync(Ann, "inbox"), top, root, deletions));
    }

    private async Task<EwsId> IdAsync(string mailbox, string name)
    {
        var found = await _stage.Exchange.ResolveAsync(mailbox, [new FolderReference.Distinguished(name, mailbox)], CancellationToken.None);
        return new EwsId(Assert.Single(Assert.IsType<FolderResolution.Resolved>(found).Folders).Id);
    }

    private Task<FolderResolution> ResolveAsync(params EwsId[] folders) =>
        _stage.Exchange.ResolveAsync(Ann, [.. folders.Select(folder => new FolderReference.ById(folder))], CancellationToken.None);
}
