using System.CommandLine;
using Relay.Client.Services;
using Relay.Wire.Ews;

namespace Relay.Client.Commands;

/// <summary>The options of <c>subscribe</c> that say how notifications of a push subscription are made.</summary>
internal sealed class PushTermsOptions
{
    private readonly Option<bool> _acknowledgements = new("--demand-acknowledgement")
    {
        Description = "push: each notification is mailed again until it is acknowledged, as listen --acknowledge does",
    };
    private readonly Option<int?> _minutes = Number("--digest-minutes", "push: collect events for so long", 1, DeliveryWishes.MostDigestMinutes);
    private readonly Option<int?> _events = Number("--digest-events", "push: but no more of them than this", 1, DeliveryWishes.MostDigestEvents);
    private readonly Option<bool> _coalesce = new("--coalesce") { Description = "push: several events of one item become their net effect" };
    private readonly Option<DeliveryContent?> _content = new("--content")
    {
        Description = "push: what is told of the items: ids, properties (subject, sender, time) or items (the mails themselves)",
        HelpName = "ids|properties|items",
    };
    private readonly Option<int?> _largest = Number(
        "--largest-mail", "push: octets; what would be larger comes in several mails", DeliveryWishes.LeastLargestMail, DeliveryWishes.MostLargestMail);

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _acknowledgements, _minutes, _events, _coalesce, _content, _largest })
        {
            command.Options.Add(option);
        }
        command.Validators.Add(result =>
        {
            if (result.GetResult(_events) is not null && result.GetResult(_minutes) is null)
            {
                result.AddError("--digest-events needs --digest-minutes: without it, events could wait for ever.");
            }
        });
    }

    public PushTerms Read(ParseResult parsed) => new()
    {
        DemandsAcknowledgement = parsed.GetValue(_acknowledgements),
        Delivery = new DeliveryWishes
        {
            DigestMinutes = parsed.GetValue(_minutes),
            DigestEvents = parsed.GetValue(_events),
            Coalesce = parsed.GetValue(_coalesce) ? true : null,
            Content = parsed.GetValue(_content),
            LargestMail = parsed.GetValue(_largest),
        },
    };

    private static Option<int?> Number(string name, string description, int least, int most)
    {
        var option = new Option<int?>(name) { Description = $"{description}, {least} to {most}", HelpName = "N" };
        option.Validators.Add(Ranges.Between(least, most));
        return option;
    }
}
