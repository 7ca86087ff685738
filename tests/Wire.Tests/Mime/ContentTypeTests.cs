using Relay.Wire.Mime;

namespace Relay.Wire.Tests.Mime;

public sealed class ContentTypeTests
{
    [Theory]
    [InlineData("case", "Text/XML; Charset=UTF-8", "text/xml", "charset", "UTF-8")]
    [InlineData("quoted", "text/xml; charset=\"utf-8\"", "text/xml", "charset", "utf-8")]
    [InlineData("a quoted pair", "a/b; name=\"x\\\"y\"", "a/b", "name", "x\"y")]
    [InlineData("comments", "text/xml (really); (c) charset=(x)utf-8", "text/xml", "charset", "utf-8")]
    [InlineData("nested comments", "text/xml (a (b) \\) c); charset=utf-8", "text/xml", "charset", "utf-8")]
    [InlineData("semicolon in quotes", "a/b; name=\"x;charset=y\"; charset=z", "a/b", "charset", "z")]
    [InlineData("a trailing semicolon, folded", "multipart/mixed; \r\n\tboundary=\"b\";", "multipart/mixed", "boundary", "b")]
    [InlineData("a value unquoted that should be", "application/soap+xml; action=urn:example:orders#getOrder", "application/soap+xml", "action", "urn:example:orders#getOrder")]
    [InlineData("a URL unquoted", "application/soap+xml; action=http://a.example/b=c; charset=x", "application/soap+xml", "action", "http://a.example/b=c")]
    [InlineData("the first of two counts", "a/b; charset=x; charset=y", "a/b", "charset", "x")]
    [InlineData("RFC 2231 continuations", "application/soap+xml; action*0=\"urn:a\"; action*1=\":b\"", "application/soap+xml", "action", "urn:a:b")]
    [InlineData("RFC 2231 continuations out of order", "a/b; x*1=\"2\"; x*0=\"1\"", "a/b", "x", "12")]
    [InlineData("RFC 2231 gap", "a/b; x*0=1; x*2=3", "a/b", "x", "1")]
    [InlineData("RFC 2231 charset", "a/b; name*=utf-8'en'%e2%82%ac%20rates", "a/b", "name", "\u20ac rates")]
    [InlineData("RFC 2231 both", "a/b; x*0*=iso-8859-1'en'%e9; x*1=-y; x*2*=%e8", "a/b", "x", "\u00e9-y\u00e8")]
    [InlineData("RFC 2231 wins over the plain form", "a/b; name=plain; name*=utf-8''rich", "a/b", "name", "rich")]
    [InlineData("no subtype", "text; charset=x", "text/plain", "charset", null)]
    [InlineData("empty", "", "text/plain", "charset", null)]
    [InlineData("nonsense", ";;;=\"", "text/plain", "charset", null)]
    [InlineData("a quote never closed", "a/b; name=\"xyz", "a/b", "name", "xyz")]
    public void A_content_type_is_read(string why, string value, string mediaType, string parameter, string? expected)
    {
        var type = ContentType.Parse(value);
        Assert.True(mediaType == type.MediaType, why);
        Assert.True(expected == type.Parameters.GetValueOrDefault(parameter), why);
    }
}
