using Relay.Exchange;
using static Relay.Tests.Exchange.ExchangeStage;

namespace Relay.Tests.Exchange;

/// <summary>Exchange tells a thousand folders at once (EWSFindCountLimit); a mailbox may have more.</summary>
public sealed class BaseLinesTests : IAsyncLifetime
{
    private ExchangeStage _stage = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await SetAsync();
        await _stage.StartRelayAsync();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task All_folders_are_all_folders_however_many_there_are()
    {
        var made = await _stage.MakeFoldersAsync(Ann, "Folder", Enumerable.Range(0, 1500).Select(number => $"Folder {number}"));
        var baseLines = new BaseLines(_stage.Ews, _stage.Store, TimeProvider.System, new SyncTarget(1, Ann, new Affinity(Ann)));

        var all = Assert.IsType<EwsReply<IReadOnlyList<ResolvedFolder>>.Success>(await baseLines.FindAllAsync(CancellationToken.None)).Value;

        Assert.Empty(made.Select(folder => folder.Id).Except(all.Select(folder => folder.Id)));
        Assert.Equal(all.Count, all.DistinctBy(folder => folder.Id).Count());
    }
}
