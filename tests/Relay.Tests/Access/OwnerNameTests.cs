using Microsoft.Extensions.Configuration;
using Relay.Access;
using Relay.Settings;
using Relay.Store;

namespace Relay.Tests.Access;

/// <summary>What owners are called who are proven by entries without a Name, and what changes of the settings do to that.</summary>
public sealed class OwnerNameTests
{
    private const string Owner = "app@branch.example";

    private static readonly SubscriptionRight Right = new(OwnerIn("*@branch.example"), "ann@corp.example", Owner);

    public static TheoryData<string, string[], bool> Changes => new()
    {
        { "nothing changed", ["*@branch.example"], true },
        { "an entry was put before it", ["*@other.example", "*@branch.example"], true },
        { "it stands elsewhere", ["a@x.example", "b@x.example", "*@branch.example"], true },
        { "it covers more", ["*@branch.example,*@new.example"], true },
        { "another case", ["*@BRANCH.example"], true },
        { "it is gone", ["*@other.example"], false },
        { "another covers the address, with a proof of its own", ["*"], false },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_right_lives_on_where_its_pattern_stands(string why, string[] addresses, bool lives)
    {
        Assert.NotEmpty(why);
        Assert.Equal(lives, Read(addresses).Options.Gives(Right));
    }

    [Theory]
    [InlineData("the place of the entry", "0/app@branch.example", "Network:*@branch.example/app@branch.example")]
    [InlineData("the place of one that covers another domain", "1/app@branch.example", null)]
    [InlineData("no place", "7/app@branch.example", null)]
    [InlineData("a name", "branch/app@branch.example", null)]
    public void An_owner_of_an_earlier_version_is_known_by(string why, string principal, string? name)
    {
        Assert.NotEmpty(why);
        var options = Read("*@branch.example", "*@other.example").Options;
        Assert.Equal(name, options.RenamedOwner(Right with { Principal = principal }));
    }

    [Fact]
    public void An_owner_whom_another_pattern_of_his_entry_covers_first_now_keeps_what_is_his_under_his_new_name()
    {
        var options = Read("app@branch.example,*@branch.example").Options;
        Assert.False(options.Gives(Right));
        string? owner = options.RenamedOwner(Right);
        Assert.Equal(options.Subscribers[0].OwnerName(Owner), owner);
        Assert.True(options.Gives(Right with { Principal = owner! }));
    }

    [Fact]
    public void Two_entries_without_a_name_that_cannot_be_told_apart_are_refused()
    {
        var (_, faults) = Read("*@branch.example", "a@x.example,*@Branch.example");
        Assert.Contains("which has the same Proof and Address", Assert.Single(faults), StringComparison.Ordinal);
    }

    private static string OwnerIn(string pattern) => Read(pattern).Options.Subscribers[0].OwnerName(Owner);

    private static (AccessOptions Options, IReadOnlyList<string> Faults) Read(params string[] addresses)
    {
        var settings = new Dictionary<string, string?>();
        for (int i = 0; i < addresses.Length; i++)
        {
            settings[$"Access:Subscribers:{i}:Address"] = addresses[i];
            settings[$"Access:Subscribers:{i}:Networks"] = "127.0.0.0/8";
            settings[$"Access:Subscribers:{i}:Mailboxes"] = "*";
        }

        var faults = new List<string>();
        var section = new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection("Access");
        return (AccessOptions.Read(SettingsReader.For(section, faults), []), faults);
    }
}
