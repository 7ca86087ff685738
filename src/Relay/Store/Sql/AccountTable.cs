using System.Data.Common;

namespace Relay.Store.Sql;

/// <inheritdoc cref="IAccountTable"/>
internal sealed class AccountTable(SqlSession session) : IAccountTable
{
    private const string Columns = "SELECT name, salt, iterations, stored_key, server_key, changed_at FROM account";

    private const string SelectAccount = Columns + " WHERE name = @name";

    private const string SelectAll = Columns + " ORDER BY name";

    private const string SelectAny = "SELECT 1 FROM account LIMIT 1";

    private const string DeleteAccount = "DELETE FROM account WHERE name = @name";

    private const string InsertAccount = """
        INSERT INTO account (name, salt, iterations, stored_key, server_key, changed_at)
        VALUES (@name, @salt, @iterations, @stored, @server, @now)
        """;

    public bool Put(StoredAccount account)
    {
        var isNew = !Remove(account.Name);
        session.Execute(
            InsertAccount,
            ("@name", account.Name),
            ("@salt", account.Salt),
            ("@iterations", (long)account.Iterations),
            ("@stored", account.StoredKey),
            ("@server", account.ServerKey),
            ("@now", Instant.Of(account.ChangedAt)));
        return isNew;
    }

    public bool Remove(string name) => session.Execute(DeleteAccount, ("@name", name)) > 0;

    public StoredAccount? Find(string name) => session.First(SelectAccount, ToAccount, ("@name", name));

    public IReadOnlyList<StoredAccount> List() => session.Query(SelectAll, ToAccount);

    public bool Any() => session.Number(SelectAny) is not null;

    private static StoredAccount ToAccount(DbDataReader row) =>
        new(row.GetString(0), row.Octets(1), (int)row.GetInt64(2), row.Octets(3), row.Octets(4), row.GetInstant(5));
}
