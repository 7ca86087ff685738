using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Relay.Hosting;

/// <summary><c>relay run</c>: until SIGTERM or Ctrl-C, then what is in flight is finished.</summary>
internal static class RunCommand
{
    public static async Task<int> RunAsync(string? configFile, IReadOnlyList<string> settingArguments, CancellationToken cancellationToken)
    {
        var settings = RelaySettings.Read(RelayConfiguration.Build(configFile, settingArguments));
        using var loggers = LoggerFactory.Create(ConfigureLogging);
        OwnCode.Load();
        await using var opening = await StoreOpening.OpenForRunAsync(
            settings.Store, RelayConfiguration.DataFolder(configFile), loggers, cancellationToken);
        await using var app = RelayHost.Build(
            settings, KillSwitch.Wrap(opening.Store, Environment.GetEnvironmentVariable(KillSwitch.Variable)), ConfigureLogging);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception)
        {
            await app.StopAsync(CancellationToken.None); // whoever has started already settles what it has in hand
            throw;
        }

        Console.WriteLine("relay is running; Ctrl-C stops it");
        using var stop = cancellationToken.Register(app.Lifetime.StopApplication);
        var workers = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToList();
        await app.WaitForShutdownAsync(CancellationToken.None);
        return workers.Exists(worker => worker.ExecuteTask is { IsFaulted: true }) ? RelayCommandLine.Failure : RelayCommandLine.Success;
    }

    private static void ConfigureLogging(ILoggingBuilder logging)
    {
        logging.SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                console.UseUtcTimestamp = true;
            });
        logging.Services.RemoveAll<ILoggerProvider>();
        logging.Services.AddSingleton<ConsoleLoggerProvider>()
            .AddSingleton<ILoggerProvider>(services => new StartFailureFilter(services.GetRequiredService<ConsoleLoggerProvider>()));
    }
}
