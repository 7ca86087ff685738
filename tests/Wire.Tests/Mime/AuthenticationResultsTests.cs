using Relay.Wire.Mime;

namespace Relay.Wire.Tests.Mime;

public sealed class AuthenticationResultsTests
{
    public static TheoryData<string, string, string> Fields => new()
    {
        { "the shortest", "mx.example; none", "mx.example:" },
        { "one result", "mx.example; dkim=pass header.d=branch.example", "mx.example: dkim=pass header.d=branch.example" },
        { "OpenDKIM", "mx.example;\r\n\tdkim=pass (2048-bit key; unprotected) header.d=branch.example header.i=@branch.example header.b=AbC+/12; dkim-atps=neutral", "mx.example: dkim=pass header.d=branch.example header.i=@branch.example header.b=AbC+/12 dkim-atps=neutral" },
        { "Gmail", "mx.google.com;\r\n dkim=pass header.i=@b.example header.s=pf;\r\n spf=pass (google.com: domain of x@b.example designates 192.0.2.1 as permitted sender) smtp.mailfrom=x@b.example;\r\n dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=b.example", "mx.google.com: dkim=pass header.i=@b.example header.s=pf spf=pass smtp.mailfrom=x@b.example dmarc=pass header.from=b.example" },
        { "a version, comments everywhere", "mx.example (our own) 1 (one) ; (a) dkim/1 (b) = (c) pass (d) header.d (e) = (f) b.example", "mx.example: dkim=pass header.d=b.example" },
        { "upper case", "MX.example; DKIM=Pass Header.D=B.example", "MX.example: dkim=pass header.d=B.example" },
        { "a semicolon too many", "mx.example; dmarc=pass header.from=b.example;", "mx.example: dmarc=pass header.from=b.example" },
        { "a reason in quotes that looks like a result", "mx.example; dkim=fail reason=\"; dmarc=pass header.from=b.example\" header.d=b.example", "mx.example: dkim=fail reason=; dmarc=pass header.from=b.example header.d=b.example" },
        { "a result within a comment", "mx.example; spf=fail (; dmarc=pass header.from=b.example) smtp.mailfrom=x", "mx.example: spf=fail smtp.mailfrom=x" },
        { "an id in quotes", "\"mx.example\"; none", "mx.example:" },
        { "two properties of one name: the first", "mx.example; dmarc=pass header.from=a.example header.from=b.example", "mx.example: dmarc=pass header.from=a.example" },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public void What_servers_write_is_read(string why, string value, string expected)
    {
        Assert.True(AuthenticationResults.TryParse(value, out var field), why);
        var results = field.Results.Select(result =>
            $" {result.Method}={result.Result}" + string.Concat(result.Properties.Select(property => $" {property.Key}={property.Value}")));
        Assert.Equal(expected, $"{field.AuthservId}:{string.Concat(results)}");
    }

    public static TheoryData<string, string> Malformed => new()
    {
        { "nothing", "" },
        { "no id", "; none" },
        { "no id, as a server of old wrote it", "spf=pass smtp.mailfrom=x; dmarc=pass header.from=b.example" },
        { "another version", "mx.example 2; none" },
        { "a result without its value", "mx.example; dkim" },
        { "a local part in quotes, chosen by the sender", "mx.example; spf=pass smtp.mailfrom=\"x; dmarc=pass header.from=b.example\"@evil.example" },
        { "quotes within a value", "mx.example; spf=pass smtp.mailfrom=x\"y; dmarc=pass header.from=b.example\"" },
        { "a property without its value", "mx.example; dkim=pass header.d" },
        { "junk behind", "mx.example; dkim=pass header.d=b.example )" },
        { "a bomb", "mx.example; dkim=pass " + string.Concat(Enumerable.Repeat("header.d=b.example ", 1000)) },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void What_is_not_of_the_form_is_not_read(string why, string value) =>
        Assert.False(AuthenticationResults.TryParse(value, out _), why);

    [Fact]
    public void No_prefix_of_a_field_throws()
    {
        const string Field = "mx.example (c) 1; dkim/1=pass reason=\"a\\\"b\" header.d=b.example; dmarc=pass (p=none) header.from=b.example; none";
        Assert.All(Enumerable.Range(0, Field.Length), length => Assert.Equal(AuthenticationResults.TryParse(Field[..length], out var read), read is not null));
    }

    [Fact]
    public void A_DKIM_signature_says_what_it_covers()
    {
        var signature = DkimSignature.Parse(" v=1; a=rsa-sha256; d=b.example; s=sel;\r\n\th=From:To:\r\n\t Message-ID; bh=x=; b=Ab\r\n\tCd==");
        Assert.Equal(("b.example", true, "AbCd=="), (signature.Domain, signature.CoversWholeBody, signature.Signature));
        Assert.Equal(["from", "message-id", "to"], signature.Fields.Order());
        Assert.False(DkimSignature.Parse("d=b.example; l=10").CoversWholeBody);
    }
}
