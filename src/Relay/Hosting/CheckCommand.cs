using System.CommandLine;
using Relay.Operator;
using Relay.Outbound;
using Relay.Settings;
using Relay.Store;
using Relay.Store.PostgreSql;
using Relay.Store.Sqlite;
using Relay.Wire.Smtp;

namespace Relay.Hosting;

/// <summary><c>relay check</c>: settings, store, smarthost, Exchange and clock, a line each: ok, or what to do. Exit 1 if any is not ok.</summary>
internal static class CheckCommand
{
    public const string Example = "relay check --config=/etc/relay/relay.json --mailbox ann@corp.example";

    /// <summary>Known ones are tried too, but a gateway may know thousands.</summary>
    private const int MostMailboxes = 20;

    public static Command Build(Func<ParseResult, CommandInput> inputOf)
    {
        var mailbox = new Option<string[]>("--mailbox")
        {
            Description = "A mailbox to try, beside those that the settings and the store name; may be given several times",
            HelpName = "ADDR",
        };
        mailbox.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !MailAddress.TryParse(token.Value, out _)))
            {
                result.AddError($"--mailbox takes an address, not \"{token.Value}\".");
            }
        });
        var check = new Command("check", "Check settings, store, smarthost, Exchange and clock: a line each, ok or what to do") { mailbox };
        check.SetAction((result, token) => RunAsync(inputOf(result), result.GetValue(mailbox) ?? [], Console.Out, token));
        return check;
    }

    private static async Task<int> RunAsync(CommandInput input, string[] mailboxes, TextWriter output, CancellationToken cancellationToken)
    {
        bool isOk = true;
        await foreach (var line in CheckAsync(input, mailboxes, TimeProvider.System, cancellationToken))
        {
            isOk &= line.IsOk;
            await output.WriteLineAsync(line.ToString());
        }

        return isOk ? RelayCommandLine.Success : RelayCommandLine.Failure;
    }

    private static async IAsyncEnumerable<CheckLine> CheckAsync(
        CommandInput input, string[] mailboxes, TimeProvider time, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (settings, faults) = Read(input);
        foreach (string fault in faults)
        {
            yield return CheckLine.Trouble("settings", fault);
        }

        if (settings is null)
        {
            yield break; // the rest would be checked against what is not meant
        }

        yield return CheckLine.Ok("settings", $"{(input.ConfigFile is null ? "no --config" : Path.GetFullPath(input.ConfigFile))}; services {string.Join(", ", settings.Services.Services.Select(service => service.Address))}");
        yield return await CheckStoreAsync(input, settings, cancellationToken);
        foreach (var smarthost in Smarthosts(settings.Delivery))
        {
            yield return await SmarthostCheck.RunAsync(smarthost, settings.Smtp.HostName, time, cancellationToken);
        }

        if (settings.Exchange.Url is null)
        {
            yield return CheckLine.Ok("exchange", $"none is configured: `relay run` brings the simulator, at {settings.Simulator.Url}");
            yield return CheckLine.Ok("clock", "there is no Exchange to compare it with");
            yield break;
        }

        foreach (var line in await ExchangeCheck.RunAsync(settings.Exchange, await MailboxesAsync(input, settings, mailboxes), time, cancellationToken))
        {
            yield return line;
        }

        yield return await ClockCheck.RunAsync(settings.Exchange, time, cancellationToken);
    }

    private static (RelaySettings? Settings, IReadOnlyList<string> Faults) Read(CommandInput input)
    {
        try
        {
            return (input.ReadSettings(), []);
        }
        catch (SettingsFaultException exception)
        {
            return (null, exception.Faults);
        }
    }

    private static Task<CheckLine> CheckStoreAsync(CommandInput input, RelaySettings settings, CancellationToken cancellationToken)
    {
        if (settings.Store.Provider == StoreProvider.PostgreSql)
        {
            return StoreCheck.RunAsync(
                PostgreSqlDialect.NameOf(settings.Store.ConnectionString),
                "see that the server runs, and that Relay:Store:ConnectionString names it, the database and an account that it takes",
                () => input.OpenStore(settings),
                cancellationToken);
        }

        var database = new SqliteDialect(settings.Store.ConnectionString, input.DataFolder);
        return IsMissing(database)
            ? Task.FromResult(StoreCheck.BeforeFirstStart(database.DatabaseFile))
            : StoreCheck.RunAsync(
                database.Name, "look at the rights of the file and its folder, and at the disk", () => input.OpenStore(settings), cancellationToken);
    }

    private static bool IsMissing(SqliteDialect database)
    {
        try
        {
            return !database.IsThere();
        }
        catch (StoreUnavailableException)
        {
            return false; // opening it fails as well, and is told
        }
    }

    private static IEnumerable<SmarthostOptions> Smarthosts(DeliveryOptions delivery) =>
        delivery.Smarthosts.Concat(delivery.Routes.Select(route => route.Smarthost)).Distinct();

    /// <summary>Those asked for, else those that the settings name, and some that are watched.</summary>
    private static async Task<List<string>> MailboxesAsync(CommandInput input, RelaySettings settings, string[] asked)
    {
        if (asked.Length > 0)
        {
            return [.. asked];
        }

        var named = settings.Access.Subscribers.SelectMany(entry => entry.Mailboxes.Select(pattern => pattern.Text).Append(entry.DefaultMailbox))
            .OfType<string>()
            .Where(text => !text.Contains('*', StringComparison.Ordinal));
        return [.. named.Concat(await WatchedAsync(input, settings)).Distinct(StringComparer.OrdinalIgnoreCase).Take(MostMailboxes)];
    }

    private static async Task<IReadOnlyList<string>> WatchedAsync(CommandInput input, RelaySettings settings)
    {
        try
        {
            await using var store = input.OpenStore(settings);
            return store.Read(t => t.Watches.AllMailboxes()
                .Where(mailbox => t.Watches.Folders(mailbox.Id).Count > 0)
                .Take(MostMailboxes)
                .Select(mailbox => mailbox.Address)
                .ToList());
        }
        catch (StoreUnavailableException)
        {
            return []; // the store's own line says why
        }
    }
}
