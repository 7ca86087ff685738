namespace Relay.Store;

/// <summary>What is to be told of one recipient.</summary>
/// <param name="Notify">NOTIFY in upper case; null where the sender said nothing.</param>
/// <param name="OriginalRecipient">ORCPT as <c>type;address</c>, decoded.</param>
internal sealed record RecipientWishes(string? Notify, string? OriginalRecipient)
{
    public static RecipientWishes None { get; } = new(null, null);

    /// <summary>RFC 3461 §4.1: without NOTIFY, failures are told.</summary>
    public bool WantsFailure => Notify is null || Has("FAILURE");

    public bool WantsSuccess => Has("SUCCESS");

    public bool WantsDelay => Has("DELAY");

    public bool WantsNothing => Notify == "NEVER";

    private bool Has(string word) => Notify?.Split(',').Contains(word) == true;
}
