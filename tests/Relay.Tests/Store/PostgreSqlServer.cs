using System.Diagnostics;
using Npgsql;

[assembly: AssemblyFixture(typeof(Relay.Tests.Store.PostgreSqlServer))]

namespace Relay.Tests.Store;

/// <summary>
/// A PostgreSQL server of the tests' own, on a socket in a folder of its own, started when the first test asks for a database.
/// Tests skip, saying so, where PostgreSQL is not installed.
/// </summary>
public sealed class PostgreSqlServer : IDisposable
{
    private const string ServerAccount = "postgres";

    private readonly Lock _gate = new();
    private readonly string? _programs = FindPrograms();
    private string? _folder;
    private int _databases;

    /// <summary>The connection string of a new, empty database.</summary>
    public string CreateDatabase()
    {
        lock (_gate)
        {
            Assert.SkipWhen(_programs is null, "PostgreSQL is not installed here.");
            _folder ??= Start(_programs!);
            var name = $"relay_{++_databases}";
            Execute(_folder, $"CREATE DATABASE {name}");
            return ConnectionString(_folder, name);
        }
    }

    public void Dispose()
    {
        if (_folder is not null)
        {
            Run("pg_ctl", "stop", "-m", "immediate", "-D", Path.Combine(_folder, "data"));
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static string? FindPrograms() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
        : null;

    private static string ConnectionString(string folder, string database) =>
        $"Host={folder};Database={database};Username={ServerAccount};Pooling=false";

    private static void Execute(string folder, string sql)
    {
        using var connection = new NpgsqlConnection(ConnectionString(folder, "postgres"));
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private string Start(string programs)
    {
        Assert.True(Directory.Exists(programs));
        var folder = Directory.CreateTempSubdirectory("relay-pg-").FullName;
        if (Environment.UserName == "root")
        {
            Finish(Process.Start("chown", [ServerAccount, folder])); // The server refuses to run as root.
        }

        var data = Path.Combine(folder, "data");
        Run("initdb", "--no-sync", "-A", "trust", "-U", ServerAccount, "-D", data);
        Run("pg_ctl", "start", "-w", "-D", data, "-l", Path.Combine(folder, "log"), "-o", $"-k {folder} -h '' -c fsync=off");
        return folder;
    }

    private void Run(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs!, program);
        var start = Environment.UserName == "root"
            ? new ProcessStartInfo("runuser", ["-u", ServerAccount, "--", path, .. arguments])
            : new ProcessStartInfo(path, arguments);
        start.WorkingDirectory = "/";
        start.RedirectStandardOutput = true;
        Finish(Process.Start(start)!);
    }

    private static void Finish(Process process)
    {
        using (process)
        {
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"{process.StartInfo.FileName} ended with {process.ExitCode}.");
        }
    }
}
