using System.Reflection;
using Microsoft.Data.Sqlite;
using Relay.Store.Sql;

namespace Relay.Tests.Store;

/// <summary>The cost of the hot statements is that of what they return: each goes through an index and sorts nothing.</summary>
public sealed class SqlitePlanTests : IAsyncLifetime
{
    private readonly SqliteTestStore _database = new();

    public async ValueTask InitializeAsync() => await _database.ReopenAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData(typeof(SpoolClaims), "_claimMails", "spool_open")]
    [InlineData(typeof(SpoolClaims), "SettleMail", "PRIMARY KEY")]
    [InlineData(typeof(SpoolEntries), "CountOpen", "spool_open")]
    [InlineData(typeof(SpoolEntries), "ListSetAside", "spool_set_aside")]
    [InlineData(typeof(SpoolClaims), "ReleaseClaims", "spool_open")]
    [InlineData(typeof(SpoolContents), "SelectFiles", "spool_file")]
    [InlineData(typeof(SegmentTable), "SelectNamed", "spool_segment")]
    [InlineData(typeof(SpoolTable), "SelectOld", "spool_done")]
    [InlineData(typeof(SpoolTable), "BringMailsForward", "spool_open")]
    [InlineData(typeof(OutboxTable), "_claimMails", "outbox_open")]
    [InlineData(typeof(OutboxTable), "DeliverMail", "PRIMARY KEY")]
    [InlineData(typeof(OutboxEntries), "SelectSubscriptions", "outbox_subscription")]
    [InlineData(typeof(OutboxEntries), "SelectOneOfSubscription", "outbox_subscription")]
    [InlineData(typeof(OutboxEntries), "SelectByMessage", "outbox_message")]
    [InlineData(typeof(OutboxEntries), "SelectByKey", "outbox_message")]
    [InlineData(typeof(OutboxEntries), "SelectLastOfSubscription", "outbox_sequence")]
    [InlineData(typeof(BounceTable), "SelectDue", "bounce_due")]
    [InlineData(typeof(OutboxEntries), "CountOpen", "outbox_open")]
    [InlineData(typeof(OutboxEntries), "SelectAnswerBeyond", "outbox_open")]
    [InlineData(typeof(OutboxEntries), "CountAnswersByLane", "outbox_open")]
    [InlineData(typeof(OutboxEntries), "SelectNotificationBeyond", "outbox_open")]
    [InlineData(typeof(SpoolEntries), "SelectBeyond", "spool_open")]
    [InlineData(typeof(OutboxTable), "SelectOld", "outbox_settled_at")]
    [InlineData(typeof(OutboxTable), "BringMailsForward", "outbox_open")]
    [InlineData(typeof(EventLog), "SelectAfter", "event_mailbox")]
    [InlineData(typeof(EventLog), "SelectCreated", "event_object")]
    [InlineData(typeof(EventLog), "SelectLast", "event_object")]
    [InlineData(typeof(EventLog), "SelectTold", "event_object")]
    [InlineData(typeof(SubscriptionTable), "SelectNotified", "subscription_notify")]
    [InlineData(typeof(EventLog), "SelectMoved", "event_old_object")]
    [InlineData(typeof(SubscriptionRows), "SelectOpen", "subscription_open")]
    [InlineData(typeof(SubscriptionTable), "_selectByPublicId", "subscription_public")]
    [InlineData(typeof(SubscriptionTable), "SelectOfPrincipal", "subscription_principal")]
    [InlineData(typeof(SubscriptionTable), "AdvanceCursor", "PRIMARY KEY")]
    [InlineData(typeof(SubscriptionTable), "_selectDue", "subscription_wake")]
    [InlineData(typeof(SubscriptionTable), "SelectNextWake", "subscription_wake")]
    [InlineData(typeof(SubscriptionTable), "SelectWith", "subscription_principal")]
    [InlineData(typeof(StreamTable), "SelectEnding", "stream_end")]
    [InlineData(typeof(StreamTable), "SelectOfSubscription", "PRIMARY KEY")]
    [InlineData(typeof(Journal), "SelectEntry", "sqlite_autoindex_journal_1")]
    public void A_hot_statement_goes_through_its_index(Type table, string statement, string index)
    {
        var plan = PlanOf(table, statement);

        Assert.Contains(plan, step => step.Contains(index, StringComparison.Ordinal));
        Assert.DoesNotContain(plan, IsScanOfTable);
    }

    [Theory]
    [InlineData(typeof(SpoolClaims), "_claimMails")]
    [InlineData(typeof(OutboxTable), "_claimMails")]
    [InlineData(typeof(EventLog), "SelectAfter")]
    [InlineData(typeof(SubscriptionRows), "SelectOpen")]
    public void A_hot_statement_sorts_nothing(Type table, string statement) =>
        Assert.DoesNotContain(PlanOf(table, statement), step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));

    // "due" holds the rows that a claim has selected, and no others.
    private static bool IsScanOfTable(string step) => step.StartsWith("SCAN", StringComparison.Ordinal)
        && step != "SCAN due"
        && !step.Contains(" INDEX ", StringComparison.Ordinal);

    private List<string> PlanOf(Type table, string statement)
    {
        var field = table.GetField(statement, BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance)
            ?? throw new InvalidOperationException($"{table.Name} has no statement {statement}.");
        return _database.Current.Read(tx =>
        {
            var owner = field.IsStatic ? null : OwnerOf(table, (SqlTables)tx);
            return Explain((string)field.GetValue(owner)!);
        });
    }

    private static object OwnerOf(Type table, SqlTables tables) =>
        table == typeof(SpoolClaims) ? tables.Spool.Claims : table == typeof(OutboxTable) ? tables.Outbox : tables.Subscriptions;

    private List<string> Explain(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_database.DatabaseFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + sql;
        foreach (System.Text.RegularExpressions.Match name in System.Text.RegularExpressions.Regex.Matches(sql, "@[A-Za-z]+"))
        {
            if (!command.Parameters.Contains(name.Value))
            {
                command.Parameters.AddWithValue(name.Value, 1L);
            }
        }

        using var rows = command.ExecuteReader();
        var steps = new List<string>();
        while (rows.Read())
        {
            steps.Add(rows.GetString(3));
        }

        return steps;
    }
}
