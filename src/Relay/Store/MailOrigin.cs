namespace Relay.Store;

/// <summary>Which way a mail came in.</summary>
/// <param name="Via">smtp, lmtp, pipe, pickup or confirmed.</param>
/// <param name="ClientAddress">The peer's IP address, where there is one.</param>
/// <param name="HelloName">What the peer called itself.</param>
/// <param name="Tls">Whether the connection was encrypted.</param>
/// <param name="Account">The account of SMTP AUTH, if the peer logged in.</param>
internal sealed record MailOrigin(string Via, string? ClientAddress, string? HelloName, bool Tls, string? Account)
{
    public const string Smtp = "smtp";
    public const string Lmtp = "lmtp";
    public const string Pipe = "pipe";
    public const string Pickup = "pickup";

    /// <summary>From ourselves: kept until its sender confirmed it.</summary>
    public const string Confirmed = "confirmed";
}
