using Relay.Wire.Smtp;

namespace Relay.Wire.Tests.Smtp;

public sealed class MailAddressTests
{
    [Theory]
    [InlineData("an ordinary address", "a.b@x.example", "a.b", "x.example")]
    [InlineData("every character of an atom", "!#$%&'*+-/=?^_`{|}~@x", "!#$%&'*+-/=?^_`{|}~", "x")]
    [InlineData("quotes are not part of the local part", "\"a b\"@x", "a b", "x")]
    [InlineData("a backslash quotes the next character", "\"a\\\"\\q\"@x", "a\"q", "x")]
    [InlineData("RFC 5321 4.1.3: an IPv4 literal", "a@[127.0.0.1]", "a", "[127.0.0.1]")]
    [InlineData("RFC 5321 4.1.3: an IPv6 literal", "a@[IPv6:::1]", "a", "[IPv6:::1]")]
    [InlineData("hosts in private networks have underscores", "a@my_host.local", "a", "my_host.local")]
    [InlineData("RFC 5321 4.1.1.3: postmaster needs no domain", "PostMaster", "PostMaster", "")]
    [InlineData("RFC 6531 3.3: letters beyond ASCII", "jörg@bücher.example", "jörg", "bücher.example")]
    public void Is_an_address(string why, string text, string localPart, string domain)
    {
        Assert.True(MailAddress.TryParse(text, out var address), why);
        Assert.Equal((localPart, domain), (address.LocalPart, address.Domain));
    }

    [Theory]
    [InlineData("nothing", "")]
    [InlineData("only postmaster stands without a domain", "a")]
    [InlineData("no local part", "@x")]
    [InlineData("no domain", "a@")]
    [InlineData("two addresses, which .NET's own class takes for one", "a@b, c@d")]
    [InlineData("two at signs", "a@b@c")]
    [InlineData("a dot at the start", ".a@x")]
    [InlineData("a dot at the end", "a.@x")]
    [InlineData("two dots", "a..b@x")]
    [InlineData("an empty label", "a@x..y")]
    [InlineData("a hyphen at the edge of a label", "a@-x.example")]
    [InlineData("a blank", "a b@x")]
    [InlineData("brackets are the path's", "<a@x>")]
    [InlineData("a line end would begin another command", "\"a\r\nRCPT TO:<b@x>\"@x")]
    [InlineData("a line end in the domain", "a@x\r\n")]
    [InlineData("NUL", "\"\0\"@x")]
    [InlineData("a quote that never ends", "\"a@x")]
    [InlineData("an empty quoted local part", "\"\"@x")]
    [InlineData("a literal that is no address", "a@[300.1.1.1]")]
    [InlineData("octets that were no UTF-8", "\ufffd@x")]
    public void Is_no_address(string why, string text) => Assert.False(MailAddress.TryParse(text, out _), why);

    [Theory]
    [InlineData("RFC 5321 4.5.3.1.1: 64 octets and no more", 64, true)]
    [InlineData("RFC 5321 4.5.3.1.1: 64 octets and no more", 65, false)]
    public void Local_part_has_a_length(string why, int length, bool valid) =>
        Assert.True(valid == MailAddress.TryParse(new string('a', length) + "@x", out _), why);

    [Theory]
    [InlineData("RFC 5321 4.5.3.1.2: 255 octets and no more", 255, true)]
    [InlineData("RFC 5321 4.5.3.1.2: 255 octets and no more", 256, false)]
    public void Domain_has_a_length(string why, int length, bool valid)
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('a', 63), 4))[..255] + (length > 255 ? "a" : "");
        Assert.True(valid == MailAddress.TryParse("a@" + domain, out _), why);
    }

    [Theory]
    [InlineData("as it came", "a.b@x", "a.b@x")]
    [InlineData("quotes that are not needed go", "\"a.b\"@x", "a.b@x")]
    [InlineData("quotes that are needed stay", "\"a b\"@x", "\"a b\"@x")]
    [InlineData("only quote and backslash are escaped", "\"\\a\\\"\\\\\"@x", "\"a\\\"\\\\\"@x")]
    [InlineData("postmaster has no at sign", "postmaster", "postmaster")]
    public void Is_written(string why, string text, string written)
    {
        Assert.True(MailAddress.TryParse(text, out var address), why);
        Assert.Equal(written, address.ToString());
    }

    [Fact]
    public void Domains_differ_in_case_without_being_different()
    {
        var (one, same, other) = (Parse("a@X.example"), Parse("a@x.EXAMPLE"), Parse("A@x.example"));
        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(one, other);
        Assert.True(one.IsSameMailbox(other));
    }

    private static MailAddress Parse(string text)
    {
        Assert.True(MailAddress.TryParse(text, out var address));
        return address;
    }
}
