using Relay.TestKit;

namespace Relay.Tests.Gateway;

public sealed class ProtocolPageTests
{
    [Fact]
    public async Task The_protocol_page_is_what_the_gateway_says()
    {
        string page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "protocol.md"));
        var blocks = ProtocolPage.Blocks(page);
        Assert.True(blocks.Count >= 10, "The page has lost its dialogues.");
        await using var gateway = await TestGateway.StartAsync();
        var player = new ProtocolPage(gateway);
        foreach (var (kind, text) in blocks)
        {
            await player.PlayAsync(kind, text);
        }
    }
}
