using Relay.Smtp.Server;

namespace Relay.Smtp.Authentication;

/// <summary>Knows accounts. An exception is answered 454 4.7.0: try again later.</summary>
public interface ISmtpAuthenticator
{
    /// <summary>Whether there is any account; AUTH is announced only then. Asked once an EHLO, where AUTH could be announced at all.</summary>
    ValueTask<bool> HasAccountsAsync();

    /// <summary>Whether a check, or <see cref="HasAccountsAsync"/>, may hold its thread for longer than it takes to compute something small: it is made on another one then.</summary>
    bool TakesLong => true;

    /// <summary>
    /// False while guesses at this account from this client are too many: locking out is done here, where all sessions meet. Answered 454
    /// 4.7.0, whether or not the account exists.
    /// </summary>
    bool MayTry(SmtpClientInfo client, string account);

    /// <summary>How an attempt ended that <see cref="MayTry"/> let pass.</summary>
    void Tell(SmtpClientInfo client, string account, bool isProven);

    /// <summary>Whether the password is the account's (PLAIN and LOGIN). Takes as long for an account that does not exist.</summary>
    ValueTask<bool> CheckPasswordAsync(SmtpClientInfo client, string account, string password, CancellationToken ct);

    /// <summary>What SCRAM-SHA-256 needs of the account; null where there is none, which the client does not learn.</summary>
    ValueTask<ScramCredentials?> FindScramAsync(SmtpClientInfo client, string account, CancellationToken ct);
}
