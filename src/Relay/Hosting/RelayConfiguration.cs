using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Relay.Settings;

namespace Relay.Hosting;

/// <summary>
/// Where settings come from, the later over the earlier: appsettings.json beside the program, <c>--config FILE</c>, the environment
/// (<c>Relay__Smtp__HostName</c>), the command line (<c>--Relay:Smtp:HostName=…</c>).
/// </summary>
internal static partial class RelayConfiguration
{
    /// <exception cref="SettingsFaultException">A file is not there or cannot be read.</exception>
    public static IConfiguration Build(string? configFile, IReadOnlyList<string> settings)
    {
        var builder = new ConfigurationBuilder()
            .SetBasePath(AppContext.BaseDirectory)
            .AddJsonFile("appsettings.json", optional: true);
        if (configFile is not null)
        {
            string path = Path.GetFullPath(configFile);
            if (!File.Exists(path))
            {
                throw new SettingsFaultException([$"There is no settings file {path}."]);
            }

            builder.AddJsonFile(path, optional: false);
        }

        try
        {
            return builder.AddEnvironmentVariables().AddCommandLine([.. settings]).Build();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new SettingsFaultException([Unreadable(exception)]);
        }
    }

    /// <summary>The file, and what is wrong with it where; the reader of JSON counts from 0, people from 1.</summary>
    private static string Unreadable(Exception exception)
    {
        var cause = exception;
        while (cause is not JsonException && cause.InnerException is { } inner)
        {
            cause = inner;
        }

        string place = cause is JsonException { LineNumber: { } line, BytePositionInLine: { } position }
            ? string.Create(CultureInfo.InvariantCulture, $"line {line + 1}, position {position + 1}: ")
            : "";
        string reason = SentenceEnd().Replace(
            JsonPlace().Replace(cause.Message, "").TrimEnd('.'), next => $"; {char.ToLowerInvariant(next.Value[^1])}");
        return cause == exception ? $"{reason}." : $"{exception.Message.TrimEnd('.')}: {place}{reason}.";
    }

    [GeneratedRegex(@"\. \p{Lu}")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@" (Path: \S* \| )?LineNumber: \d+ \| BytePositionInLine: \d+\.?$")]
    private static partial Regex JsonPlace();

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

        // Not made here: whose store stands elsewhere needs no home.
        string userData = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(userData.Length > 0 ? userData : AppContext.BaseDirectory, "relay");
    }
}
