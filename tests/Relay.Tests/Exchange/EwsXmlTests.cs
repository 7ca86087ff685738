using System.Text;
using System.Xml;
using Relay.Exchange;

namespace Relay.Tests.Exchange;

public sealed class EwsXmlTests
{
    public static TheoryData<string, string, string> Texts => new()
    {
        { "what Exchange writes for a control character in a subject", "Order&#x1F;1", "Order      1" },
        { "in decimal", "Order&#31;1", "Order     1" },
        { "half a pair", "&#xD83D;", "        " },
        { "as it stands", "Order\u000b1", "Order 1" },
        { "beside what is allowed", "&#x1;&#9;&#x1F600;&amp;&#65;", "     \t\U0001F600&A" },
        { "nothing wrong", "&#x9;&#x85;ü", "\t\u0085ü" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void One_character_that_XML_does_not_have_makes_no_answer_unreadable(string why, string written, string read)
    {
        Assert.NotEmpty(why);
        Assert.Equal(read, EwsXml.Load(Encoding.UTF8.GetBytes($"<a>{written}</a>")).Value);
    }

    [Theory]
    [InlineData("<a>&#x1F;")]
    [InlineData("<a>&#x1F</a>")]
    [InlineData("<a>&#;</a>")]
    [InlineData("<a>&#x;</a>")]
    [InlineData("<a>&#99999999999;</a>")]
    [InlineData("<a>&")]
    [InlineData("")]
    public void What_is_no_XML_stays_none(string xml) =>
        Assert.Throws<XmlException>(() => EwsXml.Load(Encoding.UTF8.GetBytes(xml)));
}
