using Relay.Settings;

namespace Relay.Access;

/// <summary>An account of SMTP AUTH in the section <c>Relay:Access:Accounts</c>.</summary>
/// <param name="Name">As the client says it, case and all.</param>
/// <param name="Password">From the settings, or the first line of a file that only the relay can read.</param>
internal sealed record AccountOptions(string Name, string Password)
{
    /// <summary>Longer names are no names, and would fill logs.</summary>
    public const int MaxName = 255;

    public static bool IsName(string text) => text.Length is > 0 and <= MaxName && !text.Any(char.IsControl);

    public static IReadOnlyList<AccountOptions> ReadAll(SettingsReader settings)
    {
        var accounts = new List<AccountOptions>();
        foreach (var item in settings.List("Accounts"))
        {
            string name = item.Text("Name", "");
            if (!IsName(name))
            {
                item.Fault("Name", $"is not given or no name; give 1 to {MaxName} characters");
            }
            else if (accounts.Exists(account => account.Name == name))
            {
                item.Fault("Name", $"names {name} a second time");
            }

            if (item.Secret("Password", "PasswordFile") is not { } password)
            {
                item.Fault("Password", "is not given; give it, or PasswordFile");
                continue;
            }

            accounts.Add(new AccountOptions(name, password));
        }

        return accounts;
    }
}
