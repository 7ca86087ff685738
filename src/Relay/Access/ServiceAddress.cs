using Relay.Wire.Smtp;

namespace Relay.Access;

/// <summary>An address of ours and the service behind it.</summary>
/// <param name="Address">Where requests are mailed to, also with <c>+anything</c>.</param>
/// <param name="Kind">What answers there.</param>
/// <param name="TakesBarePayload">Whether a request may be the operation's element alone, without an envelope.</param>
internal sealed record ServiceAddress(MailAddress Address, ServiceKind Kind, bool TakesBarePayload = false);
