using System.Data.Common;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Store.Sql;

/// <summary>Reads subscriptions, each from a row of its own and the rows of its folders.</summary>
internal sealed class SubscriptionRows(SqlSession session)
{
    /// <summary>Begins each statement whose rows are read here.</summary>
    public const string Columns = """
        SELECT id, public_id, principal, kind, mailbox_id, all_folders, event_types, period_minutes, notify_address, service_address,
               soap_version, root_message_id, cursor, sequence, state, end_reason, created_at, last_activity_at, settings
        FROM subscription
        """;

    private const string SelectOpen = Columns + " WHERE ended_at IS NULL ORDER BY id";

    private const string SelectFolders = """
        SELECT folder_id, name FROM subscription_folder WHERE subscription_id = @id ORDER BY ordinal
        """;

    private const string SelectOpenFolders = """
        SELECT f.subscription_id, f.folder_id, f.name FROM subscription s
        JOIN subscription_folder f ON f.subscription_id = s.id WHERE s.ended_at IS NULL ORDER BY f.subscription_id, f.ordinal
        """;

    /// <summary>The first; null when there is none.</summary>
    public Subscription? First(string sql, params ReadOnlySpan<(string Name, object? Value)> values) =>
        session.First(sql, WithoutFolders, values) is { } subscription ? WithFolders(subscription) : null;

    public IReadOnlyList<Subscription> Query(string sql, params ReadOnlySpan<(string Name, object? Value)> values) =>
        session.Query(sql, WithoutFolders, values).ConvertAll(WithFolders);

    /// <summary>All that have not ended.</summary>
    public IReadOnlyList<Subscription> Open()
    {
        // A hundred thousand subscriptions name the same few folders, mailboxes and people: each text is kept once.
        var texts = new TextPool();
        var folders = session.Query(
            SelectOpenFolders, row => (Id: row.GetInt64(0), Folder: texts.Same(new SubscribedFolder(row.GetString(1), row.GetString(2)))));
        var next = 0;
        return session.Query(SelectOpen, row =>
        {
            var subscription = Read(row, texts);
            var first = next;
            while (next < folders.Count && folders[next].Id == subscription.Id)
            {
                next++;
            }

            var own = new SubscribedFolder[next - first];
            for (var i = 0; i < own.Length; i++)
            {
                own[i] = folders[first + i].Folder;
            }

            return subscription with { Folders = own };
        });
    }

    /// <summary>Its folders unread, which costs no further statement.</summary>
    public static Subscription WithoutFolders(DbDataReader row) => Read(row, null);

    private static Subscription Read(DbDataReader row, TextPool? texts)
    {
        string Text(int column) => texts is null ? row.GetString(column) : texts.Same(row.GetString(column));
        return new Subscription(
            row.GetInt64(0),
            row.GetString(1),
            Text(2),
            (SubscriptionKind)row.GetInt64(3),
            row.GetInt64(4),
            row.Flag(5),
            [],
            (EwsEventTypes)row.GetInt64(6),
            (int)row.GetInt64(7),
            Text(8),
            Text(9),
            (SoapVersion)row.GetInt64(10),
            row.TextOrNull(11),
            new LogPosition(row.GetInt64(12)),
            row.GetInt64(13),
            (SubscriptionState)row.GetInt64(14),
            row.TextOrNull(15),
            row.GetInstant(16),
            row.GetInstant(17),
            row.TextOrNull(18));
    }

    private Subscription WithFolders(Subscription subscription) => subscription with
    {
        Folders = session.Query(
            SelectFolders, static row => new SubscribedFolder(row.GetString(0), row.GetString(1)), ("@id", subscription.Id)),
    };
}
