using System.Net;
using Relay.Settings;
using Relay.Store;
using Relay.Wire.Smtp;

namespace Relay.Access;

/// <summary>The section <c>Relay:Access</c>.</summary>
internal sealed record AccessOptions
{
    /// <summary>Asked in order; the first that fits a mail names its principal.</summary>
    public required IReadOnlyList<SubscriberEntry> Subscribers { get; init; }

    /// <summary>Accounts of SMTP AUTH that the settings name.</summary>
    public IReadOnlyList<AccountOptions> Accounts { get; init; } = [];

    /// <summary>No entry was given, so programs on this machine may do everything. Safe only while nobody else can connect.</summary>
    public required bool IsDefault { get; init; }

    /// <summary>What bounds the proof Confirm.</summary>
    public ConfirmationOptions Confirmations { get; init; } = new();

    /// <summary>
    /// Whether an entry still gives a right to what was asked for under it. The address of notifications may be one that a reply address
    /// named: then it is the owner's own or one that the entry covers.
    /// </summary>
    public bool Gives(SubscriptionRight right) =>
        Subscribers.Any(entry => entry.OwnerIn(right.Principal) is { } owner && Covers(entry, owner, right));

    /// <summary>
    /// What an owner is called now whom an entry without a name called after another of its patterns, or an earlier version after the entry's place;
    /// null where that entry gives no such right.
    /// </summary>
    public string? RenamedOwner(SubscriptionRight right)
    {
        if (Subscribers.FirstOrDefault(one => !one.IsNamed && one.CoveredIn(right.Principal) is { } covered && Covers(one, covered, right)) is { } same)
        {
            return same.OwnerName(same.CoveredIn(right.Principal)!);
        }

        int slash = right.Principal.IndexOf('/', StringComparison.Ordinal);
        string owner = right.Principal[(slash + 1)..];
        return slash > 0 && Subscribers.FirstOrDefault(one => !one.IsNamed && one.Name == right.Principal[..slash]) is { } entry
            && entry.MayUse(owner) && Covers(entry, owner, right)
            ? entry.OwnerName(owner)
            : null;
    }

    private static bool Covers(SubscriberEntry entry, string owner, SubscriptionRight right) => entry.MayWatch(right.Mailbox)
        && (entry.MayUse(right.NotifyAddress) || owner.Equals(right.NotifyAddress, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the entry of a principal still lets it know what is in mailboxes.</summary>
    public bool GivesContent(string principal) => Subscribers.Any(entry =>
        principal.StartsWith($"{entry.Name}/", StringComparison.Ordinal)
        && entry.MayUse(principal[(entry.Name.Length + 1)..]) // of a name that begins with another's and a slash, only one has the address
        && entry.MayCall("GetItem"));

    /// <param name="settings">The section.</param>
    /// <param name="operations">The names of the operations that there are.</param>
    public static AccessOptions Read(SettingsReader settings, IReadOnlyList<string> operations)
    {
        var items = settings.List("Subscribers");
        var accounts = AccountOptions.ReadAll(settings);
        var confirmations = ConfirmationOptions.Read(settings.Section("Confirmations"));
        return items.Count == 0
            ? new AccessOptions { IsDefault = true, Subscribers = [Loopback], Accounts = accounts, Confirmations = confirmations }
            : new AccessOptions { IsDefault = false, Subscribers = ReadEntries(items, operations), Accounts = accounts, Confirmations = confirmations };
    }

    private static List<SubscriberEntry> ReadEntries(IReadOnlyList<SettingsReader> items, IReadOnlyList<string> operations)
    {
        var entries = items.Select(item => ReadEntry(item, operations)).ToList();
        var known = new Dictionary<string, string>();
        for (int i = 0; i < entries.Count; i++)
        {
            foreach (string name in entries[i].IsNamed ? [] : entries[i].Addresses.Select(entries[i].PatternName).Distinct())
            {
                if (!known.TryAdd(name, entries[i].Name))
                {
                    items[i].Fault("Name", $"is not given, and neither is that of entry {known[name]}, which has the same Proof and Address; give both a Name, so that the subscriptions of one are never taken for the other's");
                    break;
                }
            }
        }

        return entries;
    }

    private static SubscriberEntry Loopback { get; } = new()
    {
        Name = "loopback",
        Addresses = [AddressPattern.Any],
        Proof = Proof.Network,
        Networks = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")],
        Mailboxes = [AddressPattern.Any],
        Operations = new HashSet<string> { "*" },
    };

    private static SubscriberEntry ReadEntry(SettingsReader entry, IReadOnlyList<string> operations)
    {
        var proof = entry.Choice("Proof", Proof.Network);
        var read = ProofSettings.Read(entry, new SubscriberEntry
        {
            IsNamed = entry.OptionalText("Name") is not null,
            Name = entry.Text("Name", entry.Path[(entry.Path.LastIndexOf(':') + 1)..]),
            Addresses = ReadPatterns(entry, "Address", "no address may ask; give one such as app@branch.example or *@branch.example"),
            Proof = proof,
            Mailboxes = ReadPatterns(entry, "Mailboxes", "no mailbox may be watched; give addresses, *@corp.example or *"),
            Operations = ReadOperations(entry, operations),
            DefaultMailbox = ReadMailbox(entry, "DefaultMailbox"),
            AnswerAutoGenerated = entry.Bool("AnswerAutoGenerated", false),
            Lease = entry.Time("Lease", TimeSpan.Zero, TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650)) is { Ticks: > 0 } lease ? lease : null,
            DemandAcknowledgement = entry.Bool("DemandAcknowledgement", false),
            MailsPerMinute = entry.Int("MailsPerMinute", 0, 0, 1_000_000),
            ReadablePart = entry.Bool("ReadablePart", false),
            Delivery = DeliveryDefaults.Read(entry.Section("Delivery")),
        });
        if (read.Delivery.Content is not null && !read.MayCall("GetItem"))
        {
            entry.Fault("Operations", "does not name GetItem, which telling of items by Delivery:Content needs");
        }

        return read;
    }

    private static HashSet<string> ReadOperations(SettingsReader entry, IReadOnlyList<string> operations)
    {
        var named = entry.Texts("Operations").ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (string text in named.Where(text => text != "*" && !operations.Contains(text, StringComparer.OrdinalIgnoreCase)))
        {
            entry.Fault("Operations", $"has \"{text}\", which is no operation; give * or some of {string.Join(", ", operations)}");
        }

        return named;
    }

    private static string? ReadMailbox(SettingsReader entry, string key)
    {
        string? text = entry.OptionalText(key);
        if (text is not null && !(MailAddress.TryParse(text, out var address) && address.Domain.Length > 0))
        {
            entry.Fault(key, $"is \"{text}\"; give an address such as ann@corp.example");
        }

        return text;
    }

    private static List<AddressPattern> ReadPatterns(SettingsReader entry, string key, string whenNone)
    {
        var patterns = new List<AddressPattern>();
        foreach (string text in entry.Texts(key))
        {
            if (AddressPattern.TryParse(text, out var pattern))
            {
                patterns.Add(pattern);
            }
            else
            {
                entry.Fault(key, $"has \"{text}\", which is neither an address nor *@domain nor *");
            }
        }

        if (entry.Texts(key).Count == 0)
        {
            entry.Fault(key, $"is not given, so {whenNone}");
        }

        return patterns;
    }
}
