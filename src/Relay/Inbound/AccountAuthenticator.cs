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
    private readonly IStore _store;
    private readonly GuessGuard _guesses;

    public AccountAuthenticator(IReadOnlyList<AccountOptions> accounts, IStore store, GuessGuard guesses)
    {
        _store = store;
        _guesses = guesses;
        _settled = accounts.ToDictionary(
            account => account.Name, account => ScramCredentials.Create(account.Password, RandomNumberGenerator.GetBytes(16)), StringComparer.Ordinal);
        _nobody = ScramCredentials.Create(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), RandomNumberGenerator.GetBytes(16));
    }

    public bool HasAccounts => _settled.Count > 0 || HasStoredAccounts();

    public bool MayTry(SmtpClientInfo client, string account) => _guesses.MayTry(client.Address, account);

    public void Tell(SmtpClientInfo client, string account, bool isProven) => _guesses.Tell(client.Address, account, isProven);

    public ValueTask<bool> CheckPasswordAsync(SmtpClientInfo client, string account, string password, CancellationToken ct)
    {
        // Somebody who is not there is checked as thoroughly, so that the time tells nothing.
        var known = Find(account);
        var expected = known ?? _nobody;
        var given = ScramCredentials.Create(password, expected.Salt.Span, expected.Iterations);
        bool isSame = CryptographicOperations.FixedTimeEquals(given.StoredKey.Span, expected.StoredKey.Span);
        return ValueTask.FromResult(isSame && known is not null);
    }

    public ValueTask<ScramCredentials?> FindScramAsync(SmtpClientInfo client, string account, CancellationToken ct) =>
        ValueTask.FromResult(Find(account));

    private ScramCredentials? Find(string account) =>
        _settled.GetValueOrDefault(account)
        ?? (_store.Read(transaction => transaction.Accounts.Find(account)) is { } stored
            ? new ScramCredentials(stored.Salt, stored.Iterations, stored.StoredKey, stored.ServerKey)
            : null);

    private bool HasStoredAccounts()
    {
        try
        {
            return _store.Read(transaction => transaction.Accounts.Any());
        }
        catch (StoreUnavailableException)
        {
            // Nobody can say. Asked at every EHLO, so not logged here: whoever says AUTH meets the same fault, which is logged there and answered with
            // 451, so that it comes again, where "no AUTH" would make its mail bounce.
            return true;
        }
    }
}
