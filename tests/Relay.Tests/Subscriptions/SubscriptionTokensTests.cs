using Relay.Subscriptions;

namespace Relay.Tests.Subscriptions;

public sealed class SubscriptionTokensTests
{
    private readonly SubscriptionTokens _tokens = new([1, 2, 3, 4]);

    [Fact]
    public void A_token_names_its_subscription() => Assert.Equal(4711, _tokens.Read(_tokens.Create(4711, "bounce"), "bounce"));

    [Fact]
    public void The_case_of_a_token_does_not_matter() =>
        Assert.Equal(4711, _tokens.Read(_tokens.Create(4711, "bounce").ToUpperInvariant(), "bounce"));

    [Fact]
    public void A_token_for_another_purpose_is_refused() => Assert.Null(_tokens.Read(_tokens.Create(4711, "bounce"), "unsubscribe"));

    [Fact]
    public void A_token_made_with_another_key_is_refused() =>
        Assert.Null(_tokens.Read(new SubscriptionTokens([9]).Create(4711, "bounce"), "bounce"));

    [Fact]
    public void A_token_that_differs_in_any_digit_is_refused()
    {
        string token = _tokens.Create(4711, "bounce");
        Assert.All(Enumerable.Range(0, token.Length), i =>
            Assert.Null(_tokens.Read($"{token[..i]}{(token[i] == '0' ? '1' : '0')}{token[(i + 1)..]}", "bounce")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("zz")]
    [InlineData("0123456789012345678901234567890123456789zz")]
    public void What_is_no_token_is_refused(string text) => Assert.Null(_tokens.Read(text, "bounce"));
}
