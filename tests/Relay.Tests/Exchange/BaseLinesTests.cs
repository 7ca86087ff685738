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

    [Fact]
    public async Task A_server_that_tells_the_same_page_again_and_again_is_not_asked_for_ever()
    {
        using var wire = new RewritingHandler();
        using var exchange = new RewrittenExchange(_stage.Options, wire);
        var first = "";
        wire.Rewrite = answer => first = answer.Replace("IncludesLastItemInRange=\"true\"", "IncludesLastItemInRange=\"false\"", StringComparison.Ordinal);
        wire.Instead = (_, before) => before switch
        {
            0 => null,
            < 10 => new HttpResponseMessage { Content = new StringContent(first) },
            _ => throw new InvalidOperationException("It is asked for ever."),
        };
        var baseLines = new BaseLines(exchange.Ews, _stage.Store, TimeProvider.System, new SyncTarget(1, Ann, new Affinity(Ann)));

        Assert.IsType<EwsReply<IReadOnlyList<ResolvedFolder>>.NoAnswer>(await baseLines.FindAllAsync(CancellationToken.None));
        Assert.Equal(2, wire.Requests);
    }
}
