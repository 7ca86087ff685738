namespace Relay.Wire.Tests.Soap;

/// <summary>Real mails of other people's clients, kept outside the repository; tests that want them skip where they are not.</summary>
internal static class SampleMails
{
    /// <summary>The folder, found from <c>RELAY_SAMPLES</c> or beside a folder above the tests; null when absent.</summary>
    public static string? Folder { get; } = Find();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("RELAY_SAMPLES") is { } named)
        {
            return Path.Combine(named, "mail");
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var samples = Path.Combine(folder.FullName, "shared", "samples", "mail");
            if (File.Exists(Path.Combine(samples, "manifest.tsv")))
            {
                return samples;
            }
        }

        return null;
    }
}
