using System.Globalization;
using System.Xml.Linq;
using Relay.EndToEnd.Harness;
using Relay.TestKit.Mail;

namespace Relay.EndToEnd.Crash;

/// <summary>One push subscription, and what its mails must be at the end.</summary>
internal sealed record Subscriber(string Address, string Mailbox, string SubscriptionId, string Watermark)
{
    internal IReadOnlyList<RecordedMail> MailsIn(IEnumerable<RecordedMail> all) =>
        [.. all.Where(mail => mail.Field("Relay-Subscription") == SubscriptionId)];

    internal static IEnumerable<string> CreatedItems(RecordedMail notification) => Soap.Body(notification)
        .Descendants(Soap.Types + "CreatedEvent")
        .Select(created => (string?)created.Element(Soap.Types + "ItemId")?.Attribute("Id") ?? "");

    /// <summary>Every item told, in order, in an unbroken chain of mails.</summary>
    internal IEnumerable<string> Violations(IReadOnlyList<RecordedMail> all, IReadOnlyList<string> created)
    {
        Dictionary<string, int> places = created.Select((id, at) => (id, at)).ToDictionary(item => item.id, item => item.at + 1);
        RecordedMail[] accepted = [.. MailsIn(all).Where(mail => mail.IsAccepted).OrderBy(mail => mail.Number)];
        RecordedMail[] chain = [.. accepted.DistinctBy(Sequence)];
        string[] told = [.. chain.SelectMany(CreatedItems)];
        return Order(chain).Concat(Chain(chain)).Concat(Items(told, places)).Concat(LiveOrder(chain, places))
            .Select(violation => $"{Address}: {violation}");
    }

    private static int Sequence(RecordedMail mail) => int.Parse(mail.Field("Relay-Sequence")!, CultureInfo.InvariantCulture);

    private static IEnumerable<string> Order(RecordedMail[] chain) => chain
        .Where((mail, at) => Sequence(mail) != at + 1)
        .Take(1)
        .Select(mail => $"mail {Sequence(mail)} came where another was due");

    private IEnumerable<string> Chain(RecordedMail[] chain)
    {
        string seen = Watermark;
        foreach (RecordedMail mail in chain)
        {
            XElement body = Soap.Body(mail);
            if (body.Value("PreviousWatermark") != seen)
            {
                yield return $"mail {Sequence(mail)} does not go on where the one before ended";
            }

            seen = body.Descendants(Soap.Types + "Watermark").Last().Value;
        }
    }

    private static IEnumerable<string> Items(string[] told, Dictionary<string, int> places)
    {
        foreach (string item in places.Keys.Except(told))
        {
            yield return $"item {places[item]} of {places.Count} was never told";
        }

        foreach (IGrouping<string, string> item in told.GroupBy(id => id).Where(same => same.Count() > 1))
        {
            yield return $"item {places.GetValueOrDefault(item.Key)} was told {item.Count()} times";
        }
    }

    /// <summary>What was found by catching up has the order of Exchange's sync, which is none.</summary>
    private static IEnumerable<string> LiveOrder(RecordedMail[] chain, Dictionary<string, int> places)
    {
        int[] told =
        [
            .. chain.Where(mail => mail.Field("Relay-Caught-Up") is null)
                .SelectMany(CreatedItems)
                .Select(id => places.GetValueOrDefault(id)),
        ];
        return told.Zip(told.Skip(1)).Where(pair => pair.First > pair.Second).Take(1)
            .Select(pair => $"item {pair.Second} was told after item {pair.First}");
    }
}
