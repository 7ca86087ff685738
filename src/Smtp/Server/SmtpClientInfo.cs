using System.Net;

namespace Relay.Smtp.Server;

/// <summary>What is known of the client at the moment a handler is asked.</summary>
/// <param name="Address">Where the connection comes from; never the result of a name look-up.</param>
/// <param name="HelloName">What the client calls itself, unproven; null before HELO, EHLO or LHLO.</param>
/// <param name="IsTls">The session is encrypted.</param>
/// <param name="Account">Who the client proved to be by AUTH; null where it did not.</param>
/// <param name="Protocol">What the listener speaks.</param>
/// <param name="Name">What a trusted proxy says that the address is called; null without one: no name is looked up here.</param>
/// <param name="IsFront">
/// The address says nothing of the sender: an LMTP client or a listed proxy hands on what others sent, and has not said for whom, or could not.
/// </param>
public sealed record SmtpClientInfo(
    IPAddress Address, string? HelloName, bool IsTls, string? Account, SmtpProtocol Protocol, string? Name = null, bool IsFront = false);
