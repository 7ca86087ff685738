using System.Globalization;
using System.Xml.Linq;
using Relay.Wire.Ews;

namespace Relay.Demo;

/// <summary>Prints each mail as it passes: who → who, what, its id and the id that it answers.</summary>
internal sealed class DemoPrinter(TextWriter output)
{
    private int _count;

    public void Say(string line) => output.WriteLine(line);

    public void Print(DemoMail mail)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{++_count,3}  {mail.From} → {mail.To}: {mail.Subject}"));
        output.WriteLine($"       id      {Short(mail.Id)}");
        if (mail.Answers is not null)
        {
            output.WriteLine($"       answers {Short(mail.Answers)}");
        }

        foreach (string line in Describe(mail))
        {
            output.WriteLine($"       {line}");
        }

        output.WriteLine();
    }

    private static IEnumerable<string> Describe(DemoMail mail) => mail.Body.Name.LocalName switch
    {
        "getMonthResponse" => mail.Body.Value.TrimEnd('\n').Split('\n'),
        "SubscribeResponse" => [$"{ResponseCode(mail.Body)}, SubscriptionId {Short(Value(mail.Body, "SubscriptionId"))}"],
        "SendNotification" => mail.Events.Select(e => $"{e.Name.LocalName} {Value(e, "TimeStamp")}, item {Short(e.Element(EwsNames.Types + "ItemId")?.Attribute("Id")?.Value)}"),
        "UnsubscribeResponse" => [ResponseCode(mail.Body)],
        _ => [$"SOAP {mail.Body.Name.LocalName}"],
    };

    private static string ResponseCode(XElement body) => Value(body, "ResponseCode") ?? "no response code";

    private static string? Value(XElement body, string name) => body.Descendants().FirstOrDefault(e => e.Name.LocalName == name)?.Value;

    private static string Short(string? id) => id switch
    {
        null => "none",
        { Length: > 44 } => $"{id[..20]}…{id[^20..]}",
        _ => id,
    };
}
