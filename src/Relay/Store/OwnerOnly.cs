namespace Relay.Store;

/// <summary>
/// Files and folders that hold mails and keys: their owner's alone, whatever the umask. Where somebody has given a folder of the store to a group,
/// what is made in it is the group's too; to all others nothing is given. On Windows the folder's access list decides.
/// </summary>
internal static class OwnerOnly
{
    private static readonly Lock Making = new();

    private const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Folder = File | UnixFileMode.UserExecute;
    private const UnixFileMode GroupsPart = UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
    private const UnixFileMode OthersPart = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Leaves one that is there as it is.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder above may not be written.</exception>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, Folder);
        }
    }

    /// <summary>How to make a file in a folder of the store.</summary>
    /// <exception cref="IOException">There is no such folder.</exception>
    public static FileStreamOptions NewFileIn(string folder, FileShare share)
    {
        var options = Opening(FileMode.CreateNew, FileAccess.ReadWrite, share);
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode |= System.IO.File.GetUnixFileMode(folder) & GroupsPart;
        }

        return options;
    }

    /// <summary>How to open a file, or make one that is its owner's alone.</summary>
    public static FileStreamOptions Opening(FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = File;
        }

        return options;
    }

    /// <summary>Makes an empty file where there is none; another process may be faster.</summary>
    /// <remarks>
    /// One at a time, and before anybody of this process opens it: closing a file gives up all locks that the process holds on it (fcntl(2)), those of
    /// SQLite too.
    /// </remarks>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static void CreateEmpty(string path, Func<bool> isThere)
    {
        lock (Making)
        {
            if (isThere())
            {
                return;
            }

            try
            {
                new FileStream(path, Opening(FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)).Dispose();
            }
            catch (IOException) when (System.IO.File.Exists(path))
            {
                return; // It is another process's, and as good.
            }
        }
    }

    /// <summary>Takes from a file or folder what everybody may do with it. True when that was anything; what the group may do stays.</summary>
    /// <exception cref="IOException">It cannot be changed.</exception>
    /// <exception cref="UnauthorizedAccessException">It belongs to somebody else.</exception>
    public static bool KeepOthersOut(string path)
    {
        if (OperatingSystem.IsWindows() || !Path.Exists(path))
        {
            return false;
        }

        var mode = System.IO.File.GetUnixFileMode(path);
        if ((mode & OthersPart) == 0)
        {
            return false;
        }

        System.IO.File.SetUnixFileMode(path, mode & ~OthersPart);
        return true;
    }
}
