namespace Relay.TestKit;

/// <summary>Programs of others that tests speak with where they are installed.</summary>
public static class Peers
{
    // Debian keeps mail server programs out of an ordinary user's PATH.
    private static readonly string[] SystemFolders = ["/usr/sbin", "/sbin", "/usr/local/sbin", "/usr/lib/postfix/sbin"];

    /// <summary>The full path of a program, or null when it is not installed.</summary>
    public static string? Find(string program)
    {
        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return path.Concat(SystemFolders).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
    }

    public static Task<bool> HasPythonModuleAsync(string module) => SucceedsAsync("python3", "-W", "ignore", "-c", $"import {module}");

    public static Task<bool> HasPerlModuleAsync(string module) => SucceedsAsync("perl", $"-M{module}", "-e", "1");

    /// <summary>What to say when skipping.</summary>
    public static string Missing(string peer) => $"{peer} is not installed here";

    private static async Task<bool> SucceedsAsync(string program, params string[] arguments)
    {
        if (Find(program) is not { } path)
        {
            return false;
        }

        await using RunningProgram run = RunningProgram.Start(path, arguments);
        return await run.ExitAsync() == 0;
    }
}
