using System.Security.Cryptography;
using Relay.Access;
using Relay.Smtp.Authentication;
using Relay.Smtp.Server;
using Relay.Store;

namespace Relay.Inbound;

/// <summary>
/// The accounts of the settings and those that <c>relay account</c> keeps in the store, read anew each time: an account added beside a
/// running relay works at once. Where both name one, the settings win.
/// </summary>
internal sealed class AccountAuthenticator : ISmtpAuthenticator
{
    private readonly Dictionary<string, ScramCredentials> _settled;
    private readonly ScramCredentials _nobody;
    private readonly StoredAccounts _stored;
    private readonly GuessGuard _guesses;

    public AccountAuthenticator(IReadOnlyList<AccountOptions> accounts, StoredAccounts stored, GuessGuard guesses)
    {
        _stored = stored;
        _guesses = guesses;
        _settled = accounts.ToDictionary(
            account => account.Name, account => ScramCredentials.Create(account.Password, RandomNumberGenerator.GetBytes(16)), StringComparer.Ordinal);
        _nobody = ScramCredentials.Create(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), RandomNumberGenerator.GetBytes(16));
    }

    public async ValueTask<bool> HasAccountsAsync()
    {
        try
        {
            return _settled.Count > 0 || await _stored.AnyAsync();
        }
        catch (Exception exception) when (exception is StoreUnavailableException or TimeoutException)
        {
            // Nobody can say. Asked at every EHLO, so not logged here: whoever says AUTH meets the same fault, which is logged there and answered with
            // 451, so that it comes again, where "no AUTH" would make its mail bounce.
            return true;
        }
    }

    public bool MayTry(SmtpClientInfo client, string account) => _guesses.MayTry(client.Address, account);

    public void Tell(SmtpClientInfo client, string account, bool isProven) => _guesses.Tell(client.Address, account, isProven);

    public async ValueTask<bool> CheckPasswordAsync(SmtpClientInfo client, string account, string password, CancellationToken ct)
    {
        // Somebody who is not there is checked as thoroughly, so that the time tells nothing.
        var known = await FindAsync(account, ct);
        var expected = known ?? _nobody;
        var given = ScramCredentials.Create(password, expected.Salt.Span, expected.Iterations);
        bool isSame = CryptographicOperations.FixedTimeEquals(given.StoredKey.Span, expected.StoredKey.Span);
        return isSame && known is not null;
    }

    public ValueTask<ScramCredentials?> FindScramAsync(SmtpClientInfo client, string account, CancellationToken ct) => FindAsync(account, ct);

    private ValueTask<ScramCredentials?> FindAsync(string account, CancellationToken ct) =>
        _settled.TryGetValue(account, out var settled) ? new(settled) : _stored.FindAsync(account, ct);
}
