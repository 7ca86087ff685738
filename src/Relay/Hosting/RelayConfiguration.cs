using Microsoft.Extensions.Configuration;

namespace Relay.Hosting;

/// <summary>
/// Where settings come from, the later over the earlier: appsettings.json beside the program, <c>--config FILE</c>, the environment
/// (<c>Relay__Smtp__HostName</c>), the command line (<c>--Relay:Smtp:HostName=…</c>).
/// </summary>
internal static class RelayConfiguration
{
    public static IConfiguration Build(string? configFile, IReadOnlyList<string> settings)
    {
        var builder = new ConfigurationBuilder()
            .SetBasePath(AppContext.BaseDirectory)
            .AddJsonFile("appsettings.json", optional: true);
        if (configFile is not null)
        {
            builder.AddJsonFile(Path.GetFullPath(configFile), optional: false);
        }

        return builder.AddEnvironmentVariables().AddCommandLine([.. settings]).Build();
    }

    /// <summary>
    /// The folder that relative paths of the store stand in: systemd's state folder if there is one, else the folder of <c>--config</c>, else
    /// the user's data folder. Never the current folder, so that <c>relay queue</c> finds the store of <c>relay run</c> from anywhere.
    /// </summary>
    public static string DataFolder(string? configFile)
    {
        if (Environment.GetEnvironmentVariable("STATE_DIRECTORY") is { Length: > 0 } stateDirectory)
        {
            return stateDirectory.Split(':')[0];
        }

        if (configFile is not null)
        {
            return Path.GetDirectoryName(Path.GetFullPath(configFile)) ?? AppContext.BaseDirectory;
        }

        string userData = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create);
        return Path.Combine(userData.Length > 0 ? userData : AppContext.BaseDirectory, "relay");
    }
}
