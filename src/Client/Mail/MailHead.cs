using Relay.Wire.Smtp;

namespace Relay.Client.Mail;

/// <summary>The header fields by which people and programs tell mails apart.</summary>
/// <param name="MessageId">As written by the sender, the same on every repeat; null where there is none.</param>
/// <param name="Subject">Decoded; empty where there is none.</param>
/// <param name="From">The first address of From; null where there is none.</param>
internal sealed record MailHead(string? MessageId, string Subject, MailAddress? From);
