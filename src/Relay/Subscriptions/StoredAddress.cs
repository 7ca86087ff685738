using Relay.Wire.Smtp;

namespace Relay.Subscriptions;

/// <summary>Addresses that were parsed before they were stored.</summary>
internal static class StoredAddress
{
    /// <exception cref="FormatException">Somebody has edited the store.</exception>
    public static MailAddress Read(string text) =>
        MailAddress.TryParse(text, out var address)
            ? address
            : throw new FormatException($"The store holds an address that does not parse, of {text.Length} characters.");
}
