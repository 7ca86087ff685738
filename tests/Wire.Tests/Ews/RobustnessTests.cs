using System.Xml.Linq;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Wire.Tests.Ews;

/// <summary>Real answers, spoilt in one place at a time: whatever a server leaves out or misnames, reading is a value.</summary>
public sealed class RobustnessTests
{
    private static readonly Action<XElement>[] Readers =
    [
        envelope => EwsResponseReader.Subscribe(envelope),
        envelope => EwsResponseReader.Unsubscribe(envelope),
        envelope => EwsResponseReader.GetEvents(envelope),
        envelope => EwsResponseReader.SendNotification(envelope),
        envelope => EwsResponseReader.SendNotificationResult(envelope),
        envelope => EwsResponseReader.Stream(envelope),
        envelope => EwsResponseReader.Folders(envelope),
        envelope => EwsResponseReader.Items(envelope),
        envelope => EwsResponseReader.FindFolder(envelope),
        envelope => EwsResponseReader.Sync(envelope),
    ];

    [Theory]
    [InlineData("element removed")]
    [InlineData("element renamed")]
    [InlineData("element emptied")]
    [InlineData("attributes removed")]
    public void An_answer_with_a_flaw_is_read_without_an_exception(string flaw)
    {
        var files = Directory.GetFiles(Published.SamplesOrSkip(), "*-response.xml").Where(file => !file.Contains("GetStreamingEvents", StringComparison.Ordinal));
        var spoilt = 0;
        foreach (var text in files.Select(File.ReadAllText).Where(text => text.StartsWith('<')))
        {
            var places = SafeXml.Load(text).DescendantsAndSelf().Count();
            for (var place = 0; place < Math.Min(places, 60); place++)
            {
                var envelope = SafeXml.Load(text);
                Spoil(envelope.DescendantsAndSelf().ElementAt(place), flaw);
                spoilt++;
                Array.ForEach(Readers, read => read(envelope));
            }
        }

        Assert.True(spoilt > 500, $"{spoilt} spoilt answers");
    }

    [Fact]
    public void A_request_with_a_flaw_is_read_without_an_exception()
    {
        foreach (var text in Directory.GetFiles(Published.SamplesOrSkip(), "gromox-raw-*-request.xml").Select(File.ReadAllText).Where(text => text.Contains("Body>", StringComparison.Ordinal)))
        {
            var places = SafeXml.Load(text).Descendants().Count();
            for (var place = 0; place < places; place++)
            {
                foreach (var flaw in (string[])["element removed", "element renamed", "element emptied", "attributes removed"])
                {
                    var envelope = SafeXml.Load(text);
                    Spoil(envelope.Descendants().ElementAt(place), flaw);
                    if (envelope.Element(EwsNames.Soap + "Body")?.Elements().FirstOrDefault() is { } body)
                    {
                        Assert.NotNull(EwsRequestReader.Read(body));
                    }
                }
            }
        }
    }

    private static void Spoil(XElement element, string flaw)
    {
        switch (flaw)
        {
            case "element removed" when element.Parent is not null:
                element.Remove();
                break;
            case "element renamed":
                element.Name = element.Name.Namespace + "Other";
                break;
            case "element emptied":
                element.RemoveNodes();
                break;
            default:
                element.RemoveAttributes();
                break;
        }
    }
}
