using System.Globalization;

namespace Relay.Store.Sql;

/// <summary>
/// Brings a database to the newest schema: numbered embedded files, each applied once, in order, in one transaction. A file is
/// never edited once released.
/// </summary>
internal static class SqlSchema
{
    // Resource names: schema/0001-first.sql
    private const string Folder = "schema/";
    private const int NumberLength = 4;

    // Made by the first file and kept by all; no other program's database is likely to have them all.
    private static readonly string[] OwnTables = ["identity", "outbox", VersionTable, "spool"];

    private const string VersionTable = "schema_version";
    private const string CreateVersions = "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY, applied_at BIGINT NOT NULL)";
    private const string LastVersion = "SELECT max(version) FROM schema_version";
    private const string AddVersion = "INSERT INTO schema_version (version, applied_at) VALUES (@version, @now)";

    /// <exception cref="StoreUnavailableException">The database was made by a later version of the relay.</exception>
    public static void Upgrade(SqlSession session, DateTimeOffset now)
    {
        var files = Files();
        var at = Begin(session) ?? 0;
        if (at > files[^1].Version)
        {
            session.Execute("ROLLBACK");
            throw new StoreUnavailableException(
                StoreFault.OtherSchema, $"The database has schema {at}; this relay knows {files[^1].Version}: run the relay that made it, or a later one.");
        }

        Apply(session, files.Where(file => file.Version > at), now);
        session.Execute(session.Dialect.Commit);
    }

    /// <summary>Nothing of it is changed.</summary>
    /// <exception cref="StoreUnavailableException">The database holds another program's tables.</exception>
    public static void RefuseForeign(SqlSession session)
    {
        var tables = TablesOf(session);
        if (tables.Count > 0 && !OwnTables.All(tables.Contains) && !IsUnused(session, tables))
        {
            throw new StoreUnavailableException(
                StoreFault.OtherSchema,
                $"{session.Dialect.Name} is no store of a relay: it holds the tables of another program ({Some(tables)}). Give the relay a database of its own (Relay:Store:ConnectionString).");
        }
    }

    /// <summary>For programs that work beside a relay: upgrading under it could break it.</summary>
    /// <exception cref="StoreUnavailableException">The database has another schema than this program's.</exception>
    public static void Require(SqlSession session) =>
        Require(TablesOf(session).Contains(VersionTable) ? session.Number(LastVersion) : null);

    /// <summary>As <see cref="Require(SqlSession)"/>, but an empty database becomes a store.</summary>
    /// <exception cref="StoreUnavailableException">The database has another schema than this program's.</exception>
    public static void RequireOrMake(SqlSession session, DateTimeOffset now)
    {
        if (Begin(session) is { } at)
        {
            session.Execute("ROLLBACK");
            Require(at);
            return;
        }

        Apply(session, Files(), now);
        session.Execute(session.Dialect.Commit);
    }

    private static List<string> TablesOf(SqlSession session) => session.Query(session.Dialect.Tables, static row => row.GetString(0));

    // Earlier relays left the table of versions alone where they found nothing.
    private static bool IsUnused(SqlSession session, List<string> tables) =>
        tables is [VersionTable] && session.Number("SELECT count(*) FROM schema_version") == 0;

    private static string Some(List<string> tables) => string.Join(", ", tables.Take(3)) + (tables.Count > 3 ? ", …" : "");

    private static long? Begin(SqlSession session)
    {
        session.ExecuteOnce(session.Dialect.BeginUpgrade);
        session.ExecuteOnce(CreateVersions);
        return session.Number(LastVersion);
    }

    private static void Apply(SqlSession session, IEnumerable<(long Version, string Name)> files, DateTimeOffset now)
    {
        foreach (var (version, name) in files)
        {
            session.ExecuteOnce(session.Dialect.Schema(Text(name)));
            session.Execute(AddVersion, ("@version", version), ("@now", Instant.Of(now)));
        }
    }

    private static void Require(long? at)
    {
        long newest = Files()[^1].Version;
        if (at != newest)
        {
            throw new StoreUnavailableException(
                StoreFault.OtherSchema,
                at is null
                    ? "The database holds no store yet; start the relay once with `relay run`."
                    : $"The store has schema {at} and this program knows {newest}: use the program of the relay that runs, or start this version's `relay run` once.");
        }
    }

    private static List<(long Version, string Name)> Files()
    {
        var files = new List<(long Version, string Name)>();
        foreach (var name in typeof(SqlSchema).Assembly.GetManifestResourceNames())
        {
            if (name.StartsWith(Folder, StringComparison.Ordinal))
            {
                files.Add((long.Parse(name.AsSpan(Folder.Length, NumberLength), CultureInfo.InvariantCulture), name));
            }
        }

        files.Sort();
        return files;
    }

    private static string Text(string name)
    {
        using var stream = typeof(SqlSchema).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The schema file {name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
