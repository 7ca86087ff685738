using Relay.Smtp.Server;

namespace Relay.Smtp.Tests.Server;

/// <summary>A mail that was committed.</summary>
/// <param name="Client">Who sent it.</param>
/// <param name="Transaction">MAIL and RCPT.</param>
/// <param name="Trace">Our Received field.</param>
/// <param name="Content">What the client sent, octets as Latin-1.</param>
internal sealed record ReceivedMail(SmtpClientInfo Client, MailTransaction Transaction, string Trace, string Content);
