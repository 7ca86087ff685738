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

            accounts.Add(new AccountOptions(name, ReadPassword(item)));
        }

        return accounts;
    }

    private static string ReadPassword(SettingsReader item)
    {
        string? password = item.OptionalText("Password");
        string? file = item.OptionalText("PasswordFile");
        if (password is null == file is null)
        {
            item.Fault("Password", "and PasswordFile: give one of them");
            return "";
        }

        if (password is not null)
        {
            return password;
        }

        try
        {
            string line = File.ReadLines(file!).FirstOrDefault() ?? "";
            if (line.Length == 0)
            {
                item.Fault("PasswordFile", $"names {file}, whose first line is empty");
            }

            return line;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            item.Fault("PasswordFile", $"names {file}, which cannot be read: {exception.Message.TrimEnd('.')}");
            return "";
        }
    }
}
