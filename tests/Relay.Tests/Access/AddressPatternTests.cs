using Relay.Access;

namespace Relay.Tests.Access;

public sealed class AddressPatternTests
{
    [Theory]
    [InlineData("one address", "app@branch.example", "app@branch.example", true)]
    [InlineData("ignoring case", "App@Branch.Example", "app@branch.example", true)]
    [InlineData("another address", "app@branch.example", "other@branch.example", false)]
    [InlineData("a domain", "*@branch.example", "any@branch.example", true)]
    [InlineData("another domain that ends alike", "*@branch.example", "any@evil-branch.example", false)]
    [InlineData("a domain below", "*@branch.example", "any@sub.branch.example", false)]
    [InlineData("no local part", "*@branch.example", "@branch.example", false)]
    [InlineData("everything", "*", "any@where.example", true)]
    public void It_matches(string why, string pattern, string address, bool expected)
    {
        Assert.NotEmpty(why);
        Assert.True(AddressPattern.TryParse(pattern, out var parsed));
        Assert.Equal(expected, parsed.Matches(address));
    }

    [Theory]
    [InlineData("")]
    [InlineData("app")]
    [InlineData("postmaster")]
    [InlineData("a*@branch.example")]
    [InlineData("*@")]
    [InlineData("app@branch.example, other@branch.example")]
    public void What_is_neither_is_refused(string text) => Assert.False(AddressPattern.TryParse(text, out _));
}
