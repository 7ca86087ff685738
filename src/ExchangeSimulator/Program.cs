using System.Runtime.InteropServices;
using Relay.ExchangeSimulator;

switch (SimulatorCommand.Parse(args))
{
    case SimulatorCommand.Print print:
        Console.WriteLine(print.Text);
        return 0;
    case SimulatorCommand.Wrong wrong:
        Console.Error.WriteLine(wrong.Sentence);
        return 2;
    case SimulatorCommand.Run run:
        return await RunAsync(run.Options);
    default:
        throw new InvalidOperationException("There are three commands.");
}

static async Task<int> RunAsync(ExchangeSimulatorOptions options)
{
    var stop = new TaskCompletionSource();
    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stop.TrySetResult();
    }

    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    await using var server = new ExchangeSimulatorServer(options);
    try
    {
        await server.StartAsync(CancellationToken.None);
    }
    catch (IOException e)
    {
        Console.Error.WriteLine($"The simulator cannot listen at {options.Url}: {e.Message}");
        return 1;
    }

    Console.WriteLine($"Exchange simulator listens at {server.BoundUrl}");
    await stop.Task;
    using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
    await server.StopAsync(limit.Token);
    return 0;
}
