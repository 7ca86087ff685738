using System.CommandLine;
using Relay.Wire.Ews;

namespace Relay.Client.Commands;

/// <summary><c>--event</c>: the kinds of event, with or without the word Event, in any case.</summary>
internal static class EventOption
{
    public static Option<string[]> Create()
    {
        var option = new Option<string[]>("--event")
        {
            Description = $"{string.Join(", ", Names())} (default: all); may be repeated",
            HelpName = "KIND",
        };
        option.Validators.Add(result =>
        {
            foreach (string text in result.Tokens.Select(token => token.Value).Where(text => Flag(text) == EwsEventTypes.None))
            {
                result.AddError($"'{text}' is no kind of event: take {string.Join(", ", Names())}.");
            }
        });
        return option;
    }

    public static EwsEventTypes Read(string[]? names) =>
        names is not { Length: > 0 } ? EwsEventTypes.All : names.Aggregate(EwsEventTypes.None, (all, name) => all | Flag(name));

    private static IEnumerable<string> Names() => EventNames.NamesOf(EwsEventTypes.All).Select(name => name[..^"Event".Length]);

    private static EwsEventTypes Flag(string text)
    {
        string? name = EventNames.NamesOf(EwsEventTypes.All).FirstOrDefault(name =>
            name.Equals(text, StringComparison.OrdinalIgnoreCase) || name.Equals($"{text}Event", StringComparison.OrdinalIgnoreCase));
        return name is null ? EwsEventTypes.None : EventNames.FlagOf(name);
    }
}
