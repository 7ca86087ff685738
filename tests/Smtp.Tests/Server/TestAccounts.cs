using System.Text;
using Relay.Smtp.Authentication;
using Relay.Smtp.Server;

namespace Relay.Smtp.Tests.Server;

/// <summary>One account, joe, whose password is secret; ann's look-up throws, eve is locked out.</summary>
internal sealed class TestAccounts : ISmtpAuthenticator
{
    private static readonly ScramCredentials Joe = ScramCredentials.Create("secret", "0123456789abcdef"u8);

    /// <summary>Not null: whoever asks whether there are accounts is held until it is set.</summary>
    public ManualResetEventSlim? Directory { get; init; }

    public bool HasAccounts
    {
        get
        {
            Directory?.Wait(TimeSpan.FromSeconds(60));
            return field;
        }
        init;
    } = true;

    public ValueTask<bool> HasAccountsAsync() => new(HasAccounts);

    /// <summary>What was told of attempts, in order.</summary>
    public List<(string Account, bool IsProven)> Told { get; } = [];

    /// <summary>An account that is locked out.</summary>
    public bool MayTry(SmtpClientInfo client, string account) => account != "eve";

    public void Tell(SmtpClientInfo client, string account, bool isProven) => Told.Add((account, isProven));

    public ValueTask<bool> CheckPasswordAsync(SmtpClientInfo client, string account, string password, CancellationToken ct) =>
        account == "ann" ? throw new InvalidOperationException("the directory is down") : new((account, password) == ("joe", "secret"));

    public ValueTask<ScramCredentials?> FindScramAsync(SmtpClientInfo client, string account, CancellationToken ct) =>
        new(account == "joe" ? Joe : null);

    /// <summary>PLAIN's initial response.</summary>
    public static string Plain(string account, string password) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{account}\0{password}"));
}
