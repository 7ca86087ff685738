using Relay.TestKit;

namespace Relay.EndToEnd.Harness;

/// <summary>The Exchange simulator as a process of its own.</summary>
internal sealed class SimulatorProcess : IAsyncDisposable
{
    private readonly RunningProgram _program;

    private SimulatorProcess(RunningProgram program, Uri url) => (_program, Url) = (program, url);

    internal Uri Url { get; }

    internal string Log => _program.Transcript;

    internal static async Task<SimulatorProcess> StartAsync()
    {
        var url = new Uri($"http://127.0.0.1:{FreePort.Next()}/EWS/Exchange.asmx");
        string path = Repository.Program("Relay.ExchangeSimulator", "exchange-simulator");
        var simulator = new SimulatorProcess(RunningProgram.Start(path, "--url", url.ToString()), url);
        try
        {
            await new EwsClient(url).WaitUntilUpAsync(() => simulator._program.HasExited ? simulator.Log : null);
            return simulator;
        }
        catch
        {
            await simulator.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _program.DisposeAsync();
}
