using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;

namespace Relay.Settings;

/// <summary>
/// Reads typed values from one configuration section and notes every fault instead of stopping at the first, so that a wrong
/// configuration is told whole. A key that nobody asked for is a fault as well (<see cref="NoteUnknownKeys"/>).
/// </summary>
internal sealed class SettingsReader
{
    private readonly IConfigurationSection _section;
    private readonly List<string> _faults;
    private readonly HashSet<string> _known;

    private SettingsReader(IConfigurationSection section, List<string> faults, HashSet<string> known)
    {
        _section = section;
        _faults = faults;
        _known = known;
    }

    public string Path => _section.Path;

    /// <summary>Whether anything is set at or below it.</summary>
    public bool IsGiven => _section.Exists();

    public static SettingsReader For(IConfigurationSection section, List<string> faults) =>
        new(section, faults, new HashSet<string>(StringComparer.OrdinalIgnoreCase) { section.Path });

    public SettingsReader Section(string key)
    {
        var section = Known(key);
        RefuseText(section, "is a section");
        return new(section, _faults, _known);
    }

    /// <summary>The items of a list in the order of their keys; empty when the list is not given.</summary>
    public IReadOnlyList<SettingsReader> List(string key)
    {
        var list = Known(key);
        RefuseText(list, "is a list of sections");
        return [.. list.GetChildren().Select(item =>
        {
            _known.Add(item.Path);
            RefuseText(item, "is a section");
            return new SettingsReader(item, _faults, _known);
        })];
    }

    /// <summary>A list of texts; one text with commas between its items is taken too, as environment variables like it.</summary>
    public IReadOnlyList<string> Texts(string key, params string[] defaults)
    {
        var section = Known(key);
        var items = section.GetChildren().ToList();
        if (items.Count > 0)
        {
            RefuseText(section, "is given as a list too");
            _known.UnionWith(items.Select(item => item.Path));
            return [.. items.Select(item => item.Value ?? "").Where(text => text.Length > 0)];
        }

        return section.Value is { Length: > 0 } value
            ? value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : defaults;
    }

    /// <summary>Networks, and addresses as networks of one.</summary>
    public IReadOnlyList<IPNetwork> Networks(string key)
    {
        var networks = new List<IPNetwork>();
        foreach (string text in Texts(key))
        {
            if (TryNetwork(text, out var network))
            {
                networks.Add(network);
            }
            else
            {
                Fault(key, $"has \"{text}\", which is neither an address nor a network such as 10.1.0.0/16");
            }
        }

        return networks;
    }

    /// <summary>An address or a network.</summary>
    public static bool TryNetwork(string text, out IPNetwork network)
    {
        if (IPNetwork.TryParse(text, out network))
        {
            return true;
        }

        // A number without dots is an address to .NET, and a slip of the pen to everybody else.
        bool isAddress = IPAddress.TryParse(text, out var address) && text.AsSpan().ContainsAny('.', ':');
        network = isAddress ? new IPNetwork(address!, address!.GetAddressBytes().Length * 8) : default;
        return isAddress;
    }

    public string Text(string key, string defaultValue) => OptionalText(key) ?? defaultValue;

    public string? OptionalText(string key) => Known(key).Value is { Length: > 0 } value ? value : null;

    /// <summary>A secret that stands in the settings or, better, on the first line of a file that the settings name; null where neither is given.</summary>
    public string? Secret(string key, string fileKey)
    {
        string? secret = OptionalText(key);
        if (OptionalText(fileKey) is not { } file)
        {
            return secret;
        }

        if (secret is not null)
        {
            Fault(fileKey, $"and {key} are both given; give one of them");
            return secret;
        }

        try
        {
            string line = File.ReadLines(file).FirstOrDefault() ?? "";
            if (line.Length == 0)
            {
                Fault(fileKey, $"names {file}, whose first line is empty");
            }

            return line;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Fault(fileKey, $"names {file}, which cannot be read: {exception.Message.TrimEnd('.')}");
            return "";
        }
    }

    public int Int(string key, int defaultValue, int least, int most) => (int)Long(key, defaultValue, least, most);

    public long Long(string key, long defaultValue, long least, long most)
    {
        if (OptionalText(key) is not { } text)
        {
            return defaultValue;
        }

        if (long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long value) && value >= least && value <= most)
        {
            return value;
        }

        Fault(key, $"is \"{text}\"; give a whole number from {least} to {most}");
        return defaultValue;
    }

    public bool Bool(string key, bool defaultValue)
    {
        if (OptionalText(key) is not { } text)
        {
            return defaultValue;
        }

        if (bool.TryParse(text, out bool value))
        {
            return value;
        }

        Fault(key, $"is \"{text}\"; give true or false");
        return defaultValue;
    }

    public TimeSpan Time(string key, TimeSpan defaultValue, TimeSpan least, TimeSpan most)
    {
        if (OptionalText(key) is not { } text)
        {
            return defaultValue;
        }

        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
        {
            return value;
        }

        Fault(key, $"is \"{text}\"; give a time such as 00:01:00, from {least} to {most}");
        return defaultValue;
    }

    public T Choice<T>(string key, T defaultValue)
        where T : struct, Enum
    {
        if (OptionalText(key) is not { } text)
        {
            return defaultValue;
        }

        if (Enum.TryParse(text, ignoreCase: true, out T value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0]))
        {
            return value;
        }

        Fault(key, $"is \"{text}\"; give one of {string.Join(", ", Enum.GetNames<T>())}");
        return defaultValue;
    }

    /// <summary>Notes a fault of <paramref name="key"/>; the sentence goes on after the key.</summary>
    public void Fault(string key, string sentence) =>
        _faults.Add($"{(key.Length == 0 ? Path : $"{Path}:{key}")} {sentence}.");

    /// <summary>Notes every key under the section that no call has asked for: most often a misspelt one.</summary>
    public void NoteUnknownKeys()
    {
        foreach (var child in Unknown(_section))
        {
            _faults.Add($"{child} is not a setting of this program.");
        }
    }

    /// <summary>Where keys stand below, a text of its own would be ignored; asked for twice, it is told once.</summary>
    private void RefuseText(IConfigurationSection section, string what)
    {
        string fault = $"{section.Path} {what}, so it takes no text; set the keys below it.";
        if (section.Value is { Length: > 0 } && !_faults.Contains(fault))
        {
            _faults.Add(fault);
        }
    }

    private IEnumerable<string> Unknown(IConfigurationSection section) =>
        section.GetChildren().SelectMany(child => _known.Contains(child.Path) ? Unknown(child) : [child.Path]);

    private IConfigurationSection Known(string key)
    {
        var section = _section;
        foreach (string step in key.Split(':'))
        {
            section = section.GetSection(step);
            _known.Add(section.Path);
        }

        return section;
    }
}
