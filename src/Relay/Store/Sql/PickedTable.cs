namespace Relay.Store.Sql;

/// <inheritdoc cref="IPickedTable"/>
internal sealed class PickedTable(SqlSession session) : IPickedTable
{
    private const string InsertMail = "INSERT INTO picked (source, mail) VALUES (@source, @mail) ON CONFLICT DO NOTHING";

    private const string SelectMails = "SELECT mail FROM picked WHERE source = @source";

    private const string DeleteMail = "DELETE FROM picked WHERE source = @source AND mail = @mail";

    public bool Add(string source, string mail) => session.Execute(InsertMail, ("@source", source), ("@mail", mail)) > 0;

    public IReadOnlySet<string> List(string source) =>
        session.Query(SelectMails, static row => row.GetString(0), ("@source", source)).ToHashSet(StringComparer.Ordinal);

    public void Forget(string source, IEnumerable<string> mails)
    {
        foreach (string mail in mails)
        {
            session.Execute(DeleteMail, ("@source", source), ("@mail", mail));
        }
    }
}
