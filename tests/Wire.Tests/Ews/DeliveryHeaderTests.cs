using System.Xml.Linq;
using Relay.Wire.Ews;

namespace Relay.Wire.Tests.Ews;

public sealed class DeliveryHeaderTests
{
    public static TheoryData<string, string, DeliveryWishes> Good => new()
    {
        { "nothing", "", DeliveryWishes.None },
        { "all of it", "<r:Digest><r:Events>20</r:Events><r:Minutes>15</r:Minutes></r:Digest><r:Coalesce>true</r:Coalesce><r:Content>Items</r:Content><r:LargestMail>65536</r:LargestMail>",
            new DeliveryWishes { DigestEvents = 20, DigestMinutes = 15, Coalesce = true, Content = DeliveryContent.Items, LargestMail = 65536 } },
        { "in any order, with room", "\n <r:Content> Properties </r:Content>\n <r:Digest> <r:Minutes> 1 </r:Minutes> </r:Digest>\n",
            new DeliveryWishes { DigestMinutes = 1, Content = DeliveryContent.Properties } },
        { "an empty flag is set", "<r:Coalesce/>", new DeliveryWishes { Coalesce = true } },
        { "a flag can be taken back", "<r:Coalesce>0</r:Coalesce>", new DeliveryWishes { Coalesce = false } },
        { "a digest can be taken back", "<r:Digest/>", new DeliveryWishes { DigestMinutes = 0 } },
        { "the most", "<r:Digest><r:Events>200</r:Events><r:Minutes>1440</r:Minutes></r:Digest><r:LargestMail>33554432</r:LargestMail>",
            new DeliveryWishes { DigestEvents = 200, DigestMinutes = 1440, LargestMail = 33554432 } },
    };

    public static TheoryData<string, string, string> Bad => new()
    {
        { "a child of another name", "<r:Daily/>", "has no child \"Daily\"" },
        { "a child of another namespace", "<Coalesce/>", "has no child \"Coalesce\"" },
        { "a child twice", "<r:Coalesce/><r:Coalesce/>", "stands twice" },
        { "text", "now", "holds text" },
        { "a digest without a time", "<r:Digest><r:Events>5</r:Events></r:Digest>", "needs r:Minutes" },
        { "a digest of nothing", "<r:Digest><r:Events>0</r:Events><r:Minutes>5</r:Minutes></r:Digest>", "from 1 to 200" },
        { "a digest of too much", "<r:Digest><r:Events>201</r:Events><r:Minutes>5</r:Minutes></r:Digest>", "from 1 to 200" },
        { "a digest of a day and a minute", "<r:Digest><r:Minutes>1441</r:Minutes></r:Digest>", "from 1 to 1440" },
        { "a negative time", "<r:Digest><r:Minutes>-1</r:Minutes></r:Digest>", "from 1 to 1440" },
        { "a number beyond all numbers", "<r:Digest><r:Minutes>99999999999999999999</r:Minutes></r:Digest>", "from 1 to 1440" },
        { "a number in words", "<r:LargestMail>ten</r:LargestMail>", "from 16384 to 33554432" },
        { "a mail that holds no event", "<r:LargestMail>1000</r:LargestMail>", "from 16384 to 33554432" },
        { "a flag that is none", "<r:Coalesce>maybe</r:Coalesce>", "neither true nor false" },
        { "content that is none", "<r:Content>Everything</r:Content>", "none of Ids, Properties, Items" },
        { "content by number", "<r:Content>1</r:Content>", "none of Ids, Properties, Items" },
        { "something in a digest", "<r:Digest><r:Hours>1</r:Hours></r:Digest>", "has no child \"Hours\"" },
        { "a very long value is not given back whole", $"<r:Content>{new string('x', 100_000)}</r:Content>", "xxxx…\"" },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void What_is_asked_for_is_read_and_can_be_written(string why, string content, DeliveryWishes expected)
    {
        Assert.NotEmpty(why);
        Assert.Equal(expected, DeliveryHeader.Read(Block(content), out string? fault));
        Assert.Null(fault);
        Assert.Equal(expected, DeliveryHeader.Read(DeliveryHeader.Write(expected), out fault));
        Assert.Null(fault);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_is_wrong_is_said_in_a_sentence(string why, string content, string part)
    {
        Assert.NotEmpty(why);
        _ = DeliveryHeader.Read(Block(content), out string? fault);
        Assert.Contains(part, fault, StringComparison.Ordinal);
        Assert.InRange(fault!.Length, 10, 200);
    }

    [Fact]
    public void People_are_told_them_in_words()
    {
        Assert.Equal("each event", DeliveryWishes.None.ToWords());
        Assert.Equal(
            "digests of 20 events or 15 minutes, net effects, items, mails of at most 65536 octets",
            new DeliveryWishes { DigestEvents = 20, DigestMinutes = 15, Coalesce = true, Content = DeliveryContent.Items, LargestMail = 65536 }.ToWords());
    }

    [Theory]
    [InlineData("its own count belongs to its own time", 5, null, 10, 30, 5, null)]
    [InlineData("without a wish the other's", null, null, 10, 30, 10, 30)]
    [InlineData("taken back", 0, null, 10, 30, 0, null)]
    public void Wishes_go_before_those_of_others(string why, int? minutes, int? events, int? otherMinutes, int? otherEvents, int? minutesThen, int? eventsThen)
    {
        Assert.NotEmpty(why);
        var both = new DeliveryWishes { DigestMinutes = minutes, DigestEvents = events, Coalesce = false }
            .Over(new DeliveryWishes { DigestMinutes = otherMinutes, DigestEvents = otherEvents, Coalesce = true, Content = DeliveryContent.Items });
        Assert.Equal(new DeliveryWishes { DigestMinutes = minutesThen, DigestEvents = eventsThen, Coalesce = false, Content = DeliveryContent.Items }, both);
    }

    private static XElement Block(string content) => XElement.Parse($"<r:Delivery xmlns:r='urn:soap-relay:v1'>{content}</r:Delivery>", LoadOptions.PreserveWhitespace);
}
