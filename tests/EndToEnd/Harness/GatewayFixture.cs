namespace Relay.EndToEnd.Harness;

/// <summary>One gateway with the embedded simulator for all tests of a class; each test keeps to addresses and ids of its own.</summary>
public sealed class GatewayFixture : IAsyncLifetime
{
    internal Gateway Gateway { get; private set; } = null!;

    internal EwsClient Exchange { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Gateway = await Gateway.StartAsync();
        Exchange = new EwsClient(Gateway.SimulatorUrl);
    }

    public async ValueTask DisposeAsync()
    {
        Exchange?.Dispose();
        if (Gateway is not null)
        {
            await Gateway.DisposeAsync();
        }
    }
}
