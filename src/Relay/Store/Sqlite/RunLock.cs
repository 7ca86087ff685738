using System.Globalization;

namespace Relay.Store.Sqlite;

/// <summary>
/// A file that one process holds open and locked. The lock ends with the process, however it ends; the file stays, and says who
/// held it last.
/// </summary>
internal sealed class RunLock : IDisposable
{
    // What .NET makes of EWOULDBLOCK from flock, in Linux' and in macOS' numbers, and of Windows' ERROR_SHARING_VIOLATION.
    private const int WouldBlockOnLinux = 11;
    private const int WouldBlockOnMacOS = 35;
    private const int SharingViolation = unchecked((int)0x80070020);

    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Null when another holds it.</summary>
    /// <exception cref="StoreUnavailableException">Nobody is known to hold it, but the file cannot be opened or written.</exception>
    public static RunLock? TryTake(string path)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(path, OwnerOnly.Opening(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            file.SetLength(0);
            file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
            file.Flush();
            return new RunLock(file);
        }
        catch (IOException exception) when (file is null && exception.HResult is WouldBlockOnLinux or WouldBlockOnMacOS or SharingViolation)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Close(file);
            throw FileFaults.Translate(exception, "The store cannot be locked for this relay");
        }
    }

    public void Dispose() => _file.Dispose();

    private static void Close(FileStream? file)
    {
        try
        {
            file?.Dispose();
        }
        catch (IOException)
        {
            // What could not be written before cannot be now; the error that is told is the first.
            file!.SafeFileHandle.Dispose();
        }
    }
}
