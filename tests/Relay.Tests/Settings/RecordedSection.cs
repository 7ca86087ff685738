using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Relay.Tests.Settings;

/// <summary>A section of a configuration that notes whose values are asked for.</summary>
internal sealed class RecordedSection(IConfigurationSection inner, ISet<string> asked) : IConfigurationSection
{
    public string Key => inner.Key;

    public string Path => inner.Path;

    public string? Value
    {
        get
        {
            asked.Add(inner.Path);
            return inner.Value;
        }

        set => inner.Value = value;
    }

    public string? this[string key]
    {
        get => GetSection(key).Value;
        set => inner[key] = value;
    }

    public IConfigurationSection GetSection(string key) => new RecordedSection(inner.GetSection(key), asked);

    public IEnumerable<IConfigurationSection> GetChildren() => inner.GetChildren().Select(child => new RecordedSection(child, asked));

    public IChangeToken GetReloadToken() => inner.GetReloadToken();
}
