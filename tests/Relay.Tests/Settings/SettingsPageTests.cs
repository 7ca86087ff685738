using System.Collections;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Relay.Hosting;
using Relay.Settings;

namespace Relay.Tests.Settings;

/// <summary>The table of settings in docs/operations.md is what the program reads: keys in their sections, defaults, ranges.</summary>
public sealed partial class SettingsPageTests
{
    /// <summary>An item in each list, with what it cannot do without.</summary>
    private static readonly Dictionary<string, string?> OneOfEach = new()
    {
        ["Smtp:Listeners:0:Port"] = "8023",
        ["Services:0:Address"] = "ews@localhost",
        ["Services:0:Service"] = "Ews",
        ["Pickup:0:Path"] = "/var/mail/relay",
        ["Delivery:Smarthosts:0:Host"] = "mx.example",
        ["Delivery:Routes:0:Domain"] = "branch.example",
        ["Delivery:Routes:0:Host"] = "mx.branch.example",
        ["Access:Subscribers:0:Address"] = "app@branch.example",
        ["Access:Subscribers:0:Networks"] = "127.0.0.0/8",
        ["Access:Subscribers:0:Mailboxes"] = "*",
        ["Access:Accounts:0:Name"] = "app",
        ["Access:Accounts:0:Password"] = "correct horse",
    };

    private static readonly IReadOnlyList<DocumentedSettings> Page = DocumentedSettings.Read();

    [Fact]
    public void Every_key_that_is_read_is_explained_in_its_section_and_no_other_is()
    {
        var asked = new HashSet<string>();
        // Some keys are read only beside others.
        var values = new Dictionary<string, string?>(OneOfEach)
        {
            ["Smtp:Certificate:Path"] = "none.pem",
            ["Exchange:OAuth:CertificatePath"] = "none.pem",
            ["Delivery:Smarthost:Host"] = "mx.example",
            ["Access:Subscribers:0:Delivery:DigestMinutes"] = "15",
        };
        Faults(values, configuration => new RecordedSection(configuration.GetSection("Relay"), asked));

        var keys = asked.Select(path => Item().Replace(path["Relay".Length..].TrimStart(':'), ":N")).ToHashSet();
        keys.RemoveWhere(key => key.Length == 0 || key.EndsWith(":N", StringComparison.Ordinal) || keys.Any(below => below.StartsWith(key + ":", StringComparison.Ordinal)));

        var explained = Page.SelectMany(row => row.Keys).ToList();
        Assert.Empty(keys.Except(explained));
        Assert.Empty(explained.Except(keys));
    }

    [Fact]
    public void Every_default_is_the_one_that_is_explained()
    {
        string withList = Dump(Read(OneOfEach));
        string without = Dump(Read(WithoutList()));
        var wrong = new List<string>();
        int compared = 0;
        foreach (var (key, text) in Page.SelectMany(row => row.Keys.Zip(row.Defaults)).Where(pair => pair.Second is not null && !OneOfEach.ContainsKey(First(pair.First)) && !IsLeftOpen(pair.First)))
        {
            compared++;
            bool isSingle = key.StartsWith("Delivery:Smarthost:", StringComparison.Ordinal); // which the list would replace
            var values = new Dictionary<string, string?>(isSingle ? WithoutList() : OneOfEach) { [First(key)] = text };
            if (Faults(values) is { Count: > 0 } faults)
            {
                wrong.Add($"{key} {text}: {string.Join(' ', faults)}");
            }
            else if (Dump(Read(values)) != (isSingle ? without : withList))
            {
                wrong.Add($"{key}: the page says {text}, the program another");
            }
        }

        Assert.Empty(wrong);
        Assert.InRange(compared, 70, 200);
    }

    [Fact]
    public void Every_range_is_the_one_that_is_explained()
    {
        var wrong = new List<string>();
        int compared = 0;
        foreach (var row in Page.Where(row => !row.Keys.Any(IsLeftOpen)))
        {
            var ranges = row.Ranges();
            for (int i = 0; i < row.Keys.Count && ranges.Count == row.Keys.Count; i++)
            {
                string? fault = Faults(new(OneOfEach) { [First(row.Keys[i])] = "nonsense" }).FirstOrDefault(fault => Bounds().IsMatch(fault));
                var (least, most) = ranges[i];
                var bounds = Bounds().Match(fault ?? "");
                if (bounds.Success && ((least ?? bounds.Groups["least"].Value) != bounds.Groups["least"].Value || (most ?? bounds.Groups["most"].Value) != bounds.Groups["most"].Value))
                {
                    wrong.Add($"{row.Keys[i]}: the page says {least} to {most}; {fault}");
                }

                compared += bounds.Success ? 1 : 0;
            }
        }

        Assert.Empty(wrong);
        Assert.InRange(compared, 20, 200);
    }

    [Fact]
    public void Every_choice_is_named()
    {
        var unnamed = Page.SelectMany(row => row.Keys.SelectMany(key => Faults(new(OneOfEach) { [First(key)] = "nonsense" })
            .Select(fault => Choices().Match(fault))
            .Where(choices => choices.Success)
            .SelectMany(choices => choices.Groups["names"].Value.Split(", "))
            .Where(name => !$"{row.DefaultText} {row.Text}".Contains($"`{name}`", StringComparison.Ordinal))
            .Select(name => $"{key}: {name}")));

        // What several keys share is named with the first of them.
        Assert.Empty(unnamed.Where(name => !name.StartsWith("Delivery:Smarthosts:", StringComparison.Ordinal) && !name.StartsWith("Delivery:Routes:", StringComparison.Ordinal)).ToList());
    }

    /// <summary>What a subscription does not wish for and its entry does not say is settled when its mails are made; 0 is not given.</summary>
    private static bool IsLeftOpen(string key) => key.StartsWith("Access:Subscribers:N:Delivery:", StringComparison.Ordinal);

    private static Dictionary<string, string?> WithoutList() =>
        OneOfEach.Where(pair => !pair.Key.StartsWith("Delivery:Smarthosts:", StringComparison.Ordinal)).ToDictionary();

    private static string First(string key) => key.Replace(":N:", ":0:", StringComparison.Ordinal);

    private static RelaySettings Read(Dictionary<string, string?> values) => RelaySettings.Read(Build(values));

    private static IReadOnlyList<string> Faults(Dictionary<string, string?> values, Func<IConfiguration, IConfigurationSection>? section = null)
    {
        var configuration = Build(values);
        try
        {
            _ = section is null ? RelaySettings.Read(configuration) : RelaySettings.Read(section(configuration));
            return [];
        }
        catch (SettingsFaultException exception)
        {
            return exception.Faults;
        }
    }

    private static IConfigurationRoot Build(Dictionary<string, string?> values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(pair => KeyValuePair.Create($"Relay:{pair.Key}", pair.Value)))
        .Build();

    /// <summary>All that settings hold, as text: what is of our own by its properties, the rest as it writes itself.</summary>
    private static string Dump(object? value)
    {
        switch (value)
        {
            case null or string:
                return $"{value}";
            case byte[] octets:
                return Convert.ToHexString(octets);
            case IEnumerable items:
                return $"[{string.Join(',', items.Cast<object?>().Select(Dump))}]";
        }

        if (value.GetType() is { Namespace: { } name, IsEnum: false } type && name.StartsWith("Relay", StringComparison.Ordinal))
        {
            var text = new StringBuilder(type.Name);
            foreach (var property in type.GetProperties().Where(property => property.GetIndexParameters().Length == 0 && property.GetMethod is { IsStatic: false }))
            {
                text.Append(' ').Append(property.Name).Append('=').Append(Dump(property.GetValue(value)));
            }

            return text.ToString();
        }

        return $"{value}";
    }

    [GeneratedRegex(@":\d+(?=:|$)")]
    private static partial Regex Item();

    [GeneratedRegex(@"give a (whole number|time such as \S+) from (?<least>\S+) to (?<most>\S+)\.$|give a time such as 00:01:00, from (?<least>\S+) to (?<most>\S+)\.$")]
    private static partial Regex Bounds();

    [GeneratedRegex(@"give one of (?<names>[A-Z]\w+(, \w+)*)\.$")]
    private static partial Regex Choices();
}
