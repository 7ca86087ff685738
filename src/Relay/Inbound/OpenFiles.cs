using System.Globalization;

namespace Relay.Inbound;

/// <summary>How many files and sockets this process may have open (RLIMIT_NOFILE).</summary>
internal static class OpenFiles
{
    /// <summary>
    /// Kept for what is no session: some 250 while nothing happens, most of them libraries, and what store, smarthost, Exchange and HTTP open under load.
    /// </summary>
    public const int BesidesSessions = 400;

    private const string LimitsOfProcess = "/proc/self/limits";

    /// <summary>As the system says; null where it sets no limit, or is none that says.</summary>
    public static long? Most() => File.Exists(LimitsOfProcess) ? Read(File.ReadAllText(LimitsOfProcess)) : null;

    /// <summary>Of the lines of proc_pid_limits(5), the soft limit in force.</summary>
    public static long? Read(string limits)
    {
        const string Name = "Max open files";
        string? line = limits.Split('\n').FirstOrDefault(static one => one.StartsWith(Name, StringComparison.Ordinal));
        string[] columns = (line?[Name.Length..] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return columns is [var soft, ..] && long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out long most) ? most : null;
    }

    /// <summary>Whether so many sessions at once fit into the limit; each takes a socket.</summary>
    public static bool Suffice(long? most, int sessions) => most is not { } limit || limit >= sessions + (long)BesidesSessions;
}
