using Relay.TestKit;

namespace Relay.Client.Tests.Samples;

/// <summary>The files of samples/, made ready to run in a test.</summary>
internal static class Sample
{
    /// <summary>Copies a sample with the test's ports in place of the usual ones, since those may be in use.</summary>
    /// <returns>The copy's path.</returns>
    public static string Copy(string file, TempFolder folder, int relayPort, int subscriberPort)
    {
        string text = File.ReadAllText(Repository.PathOf($"samples/{file}"));
        string path = folder.File(Path.GetFileName(file));
        File.WriteAllText(path, text.Replace("8023", $"{relayPort}", StringComparison.Ordinal)
            .Replace("8024", $"{subscriberPort}", StringComparison.Ordinal));
        return path;
    }

    /// <summary>Python's path; skips the test where there is no Python, or not this module of it (smtpd left in 3.12).</summary>
    public static async Task<string> PythonAsync(string module)
    {
        Assert.SkipUnless(await Peers.HasPythonModuleAsync(module), Peers.Missing($"Python's {module}"));
        return Peers.Find("python3")!;
    }
}
