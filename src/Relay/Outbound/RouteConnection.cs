using Relay.Smtp.Client;

namespace Relay.Outbound;

/// <summary>A connection that is ready for mail, and whose it is.</summary>
internal sealed record RouteConnection(Smarthost Smarthost, SmtpConnection Connection);
