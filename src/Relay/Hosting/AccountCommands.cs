using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Relay.Access;
using Relay.Smtp.Authentication;
using Relay.Store;

namespace Relay.Hosting;

/// <summary><c>relay account add|list|remove</c>: the accounts of SMTP AUTH in the store, also beside a running relay, which sees them at once.</summary>
internal static class AccountCommands
{
    public static Command Build(Option<string?> config, IReadOnlyList<string> settings)
    {
        var name = new Argument<string>("NAME") { Description = "The account's name, as clients say it" };
        name.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !AccountOptions.IsName(token.Value))
            {
                result.AddError($"NAME takes 1 to {AccountOptions.MaxName} characters without control characters.");
            }
        });
        var json = new Option<bool>("--json") { Description = "As JSON, for programs" };

        var add = new Command("add", "Add an account, or give it another password; the password is asked for, or read from the first line of stdin") { name };
        add.SetAction((result, token) => InStoreAsync(result.GetValue(config), settings, makes: true, (store, time) => AddAsync(store, time, result.GetValue(name)!, token)));
        var list = new Command("list", "List the accounts, not their passwords") { json };
        list.SetAction((result, _) => InStoreAsync(result.GetValue(config), settings, makes: false, (store, _) => Task.FromResult(List(store, result.GetValue(json)))));
        var remove = new Command("remove", "Remove an account; a session that has said AUTH keeps its place") { name };
        remove.SetAction((result, token) => InStoreAsync(result.GetValue(config), settings, makes: false, (store, _) => RemoveAsync(store, result.GetValue(name)!, token)));

        var account = new Command("account", "Accounts for SMTP AUTH, beside those of the settings");
        account.Subcommands.Add(add);
        account.Subcommands.Add(list);
        account.Subcommands.Add(remove);
        return account;
    }

    // Accounts may be added before the first start.
    private static async Task<int> InStoreAsync(string? config, IReadOnlyList<string> settings, bool makes, Func<IStore, TimeProvider, Task<int>> work)
    {
        var options = RelaySettings.Read(RelayConfiguration.Build(config, settings)).Store;
        string folder = RelayConfiguration.DataFolder(config);
        await using var store = makes
            ? StoreFactory.OpenOrMake(options, folder, TimeProvider.System)
            : StoreFactory.OpenExisting(options, folder, TimeProvider.System);
        return await work(store, TimeProvider.System);
    }

    private static async Task<int> AddAsync(IStore store, TimeProvider time, string name, CancellationToken cancellationToken)
    {
        string? password = Console.IsInputRedirected ? await Console.In.ReadLineAsync(cancellationToken) : PasswordPrompt.Ask($"Password for {name}: ");
        if (string.IsNullOrEmpty(password))
        {
            await Console.Error.WriteLineAsync("No password was given; nothing is changed.");
            return RelayCommandLine.Failure;
        }

        byte[] salt = RandomNumberGenerator.GetBytes(16);
        var keys = ScramCredentials.Create(password, salt);
        var account = new StoredAccount(name, salt, keys.Iterations, keys.StoredKey.ToArray(), keys.ServerKey.ToArray(), time.GetUtcNow());
        bool isNew = await store.CommitAsync(transaction => transaction.Accounts.Put(account), cancellationToken);
        Console.WriteLine(isNew ? $"account {name} is added" : $"account {name} has a new password");
        return RelayCommandLine.Success;
    }

    private static int List(IStore store, bool asJson)
    {
        var accounts = store.Read(transaction => transaction.Accounts.List());
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(accounts.Select(account => new { name = account.Name, changed = account.ChangedAt })));
            return RelayCommandLine.Success;
        }

        foreach (var account in accounts)
        {
            Console.WriteLine($"{account.Name}\tpassword set {account.ChangedAt:yyyy-MM-dd HH:mm:ss}Z");
        }

        return RelayCommandLine.Success;
    }

    private static async Task<int> RemoveAsync(IStore store, string name, CancellationToken cancellationToken)
    {
        if (await store.CommitAsync(transaction => transaction.Accounts.Remove(name), cancellationToken))
        {
            Console.WriteLine($"account {name} is removed");
            return RelayCommandLine.Success;
        }

        await Console.Error.WriteLineAsync($"There is no account {name} in the store.");
        return RelayCommandLine.Failure;
    }
}
