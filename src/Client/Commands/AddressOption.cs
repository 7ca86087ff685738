using System.CommandLine;
using System.CommandLine.Parsing;
using Relay.Wire.Smtp;

namespace Relay.Client.Commands;

/// <summary>Options that hold a mail address.</summary>
internal static class AddressOption
{
    public static Option<MailAddress?> Create(string name, string description) =>
        new(name) { Description = description, HelpName = "ADDRESS", CustomParser = Parse };

    public static Option<MailAddress?> Create(string name, string description, string standard)
    {
        Option<MailAddress?> option = Create(name, description);
        option.DefaultValueFactory = _ => Of(standard);
        return option;
    }

    /// <exception cref="ArgumentException">The text is no address.</exception>
    public static MailAddress Of(string text) =>
        MailAddress.TryParse(text, out MailAddress? address)
            ? address
            : throw new ArgumentException($"{text} is no address.", nameof(text));

    private static MailAddress? Parse(ArgumentResult result)
    {
        if (!MailAddress.TryParse(result.Tokens[0].Value, out MailAddress? address))
        {
            result.AddError($"'{result.Tokens[0].Value}' is no mail address.");
        }
        return address;
    }
}
