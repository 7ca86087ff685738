using Relay.Wire.Smtp;

namespace Relay.Access;

/// <summary>An address of ours and the service behind it.</summary>
internal sealed record ServiceAddress(MailAddress Address, ServiceKind Kind);
