using Relay.Exchange;

namespace Relay.Tests.Exchange;

public sealed class AffinityTests
{
    [Fact]
    public void The_anchor_routes_until_a_server_is_named_and_then_both_are_sent()
    {
        var affinity = new Affinity("ann@corp.example");
        Assert.Equal([("X-AnchorMailbox", "ann@corp.example"), ("X-PreferServerAffinity", "true")], Sent(affinity));

        affinity.Learn(Answer("X-BackEndOverrideCookie=srv1~1941962753; path=/; secure; HttpOnly"));

        Assert.Contains(("Cookie", "X-BackEndOverrideCookie=srv1~1941962753"), Sent(affinity));
        Assert.Contains(("X-BackEndOverrideCookie", "srv1~1941962753"), Sent(affinity));
    }

    [Theory]
    [InlineData("harmless, and gone in ten minutes", "X-BackEndCookie=abc; path=/")]
    [InlineData("of Exchange 2010", "exchangecookie=abc; path=/")]
    [InlineData("not a pair", "X-BackEndOverrideCookie")]
    public void Other_cookies_are_not_kept(string why, string cookie)
    {
        var affinity = new Affinity("ann@corp.example");
        affinity.Learn(Answer(cookie));
        Assert.True(Sent(affinity).Count == 2, why);
    }

    [Fact]
    public void Later_answers_do_not_repeat_the_server_and_do_not_unlearn_it()
    {
        var affinity = new Affinity("ann@corp.example");
        affinity.Learn(Answer("X-BackEndOverrideCookie=srv1~1; path=/"));
        affinity.Learn(Answer("exchangecookie=abc"));
        Assert.Equal(4, Sent(affinity).Count);

        affinity.Forget();
        Assert.Equal(2, Sent(affinity).Count);
    }

    private static System.Net.Http.Headers.HttpResponseHeaders Answer(string cookie)
    {
        var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Set-Cookie", cookie);
        return response.Headers;
    }

    private static List<(string Name, string Value)> Sent(Affinity affinity)
    {
        using var request = new HttpRequestMessage();
        affinity.Apply(request.Headers);
        return [.. request.Headers.Select(header => (header.Key, string.Join(",", header.Value)))];
    }
}
