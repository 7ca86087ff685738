using Relay.Smtp.Server;

namespace Relay.Smtp.Authentication;

/// <summary>
/// Knows accounts. An exception is answered 454 4.7.0: try again later. Locking out who guesses is done here, where all sessions meet.
/// </summary>
public interface ISmtpAuthenticator
{
    /// <summary>Whether the password is the account's (PLAIN and LOGIN). Takes as long for an account that does not exist.</summary>
    ValueTask<bool> CheckPasswordAsync(SmtpClientInfo client, string account, string password, CancellationToken ct);

    /// <summary>What SCRAM-SHA-256 needs of the account; null where there is none, which the client does not learn.</summary>
    ValueTask<ScramCredentials?> FindScramAsync(SmtpClientInfo client, string account, CancellationToken ct);
}
