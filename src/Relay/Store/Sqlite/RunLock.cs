using System.Globalization;

namespace Relay.Store.Sqlite;

/// <summary>
/// A file that one process holds open and locked. The lock ends with the process, however it ends; the file stays, and says who
/// held it last.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Null when another holds it.</summary>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static RunLock? TryTake(string path)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null; // Held; any other error of opening says so itself.
        }

        file.SetLength(0);
        file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
        file.Flush();
        return new RunLock(file);
    }

    public void Dispose() => _file.Dispose();
}
