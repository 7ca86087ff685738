using Relay.Wire.Smtp;

namespace Relay.Demo;

/// <summary>Who takes part.</summary>
internal static class DemoCast
{
    public static MailAddress App { get; } = Parse("app@branch.example");

    public static MailAddress Ews { get; } = Parse("ews@gateway.example");

    public static MailAddress Calendar { get; } = Parse("calendar@gateway.example");

    public const string Mailbox = "ann@corp.example";

    private static MailAddress Parse(string text) =>
        MailAddress.TryParse(text, out var address) ? address : throw new FormatException($"{text} does not parse.");
}
