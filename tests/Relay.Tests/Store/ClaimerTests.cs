using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Store;

namespace Relay.Tests.Store;

public sealed class ClaimerTests : IAsyncLifetime
{
    private readonly SqliteTestStore _database = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData("what finds no room yet", 1)]
    [InlineData("what does", 100)]
    public async Task What_is_claimed_is_handed_on_though_the_relay_stops_meanwhile(string why, int room)
    {
        const int Rows = 10;
        var channel = Channel.CreateBounded<int>(room);
        using var stopping = new CancellationTokenSource();
        bool isClaimed = false;
        var claimer = new Claimer<int>(
            _database.Current,
            new Bell(),
            _ =>
            {
                int rows = isClaimed ? 0 : Rows;
                isClaimed = true;
                stopping.Cancel();
                return [.. Enumerable.Range(0, rows)];
            },
            () => TimeSpan.Zero,
            TimeProvider.System,
            NullLogger.Instance);

        var running = claimer.RunAsync(channel.Writer, stopping.Token).ContinueWith(_ => channel.Writer.Complete(), TaskScheduler.Default);
        var handed = await channel.Reader.ReadAllAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        await running;
        Assert.True(handed.SequenceEqual(Enumerable.Range(0, Rows)), $"{why}: {handed.Count}");
    }
}
