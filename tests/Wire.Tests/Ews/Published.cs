using Relay.Wire.Ews;

namespace Relay.Wire.Tests.Ews;

/// <summary>Test data that is kept beside the project: the schema that Exchange publishes, and traffic of a real server.</summary>
internal static class Published
{
    private static readonly Lazy<string?> Shared = new(Find);

    private static readonly Lazy<EwsSchemaSet?> Full = new(
        () => Shared.Value is { } shared ? EwsSchemaSet.FromFolder(Path.Combine(shared, "ews-schema")) : null);

    public static EwsSchemaSet SchemaOrSkip()
    {
        Assert.SkipWhen(Full.Value is null, "The published Exchange schema (shared/ews-schema beside the project) is not here.");
        return Full.Value;
    }

    public static string SamplesOrSkip()
    {
        Assert.SkipWhen(Shared.Value is null, "The captured traffic (shared/samples/ews beside the project) is not here.");
        return Path.Combine(Shared.Value, "samples", "ews");
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared");
            if (File.Exists(Path.Combine(candidate, "ews-schema", "types.xsd")))
            {
                return candidate;
            }
        }

        return null;
    }
}
