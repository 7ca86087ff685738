using System.Diagnostics;

namespace Relay.Tests.Store;

/// <summary>A file system of a few megabytes in memory, which fills soon and can be made read-only. Mounting needs root.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly string _ballast;

    private SmallDisk(string folder)
    {
        Folder = folder;
        _ballast = Path.Combine(folder, "ballast");
    }

    public string Folder { get; }

    /// <summary>Skips the test where it cannot be mounted.</summary>
    public static SmallDisk Mount(int megabytes)
    {
        var folder = Directory.CreateTempSubdirectory("relay-disk-").FullName;
        if (!OperatingSystem.IsLinux() || !Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "none", folder))
        {
            Directory.Delete(folder);
            Assert.Skip("A small tmpfs cannot be mounted here.");
        }

        return new SmallDisk(folder);
    }

    /// <summary>Takes all room that is left.</summary>
    public void Fill()
    {
        using var file = new FileStream(_ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var piece = new byte[64 * 1024];
        try
        {
            while (true)
            {
                file.Write(piece);
            }
        }
        catch (IOException full) when (full.HResult != 0)
        {
            piece = [0];
        }
    }

    public void MakeRoom() => File.Delete(_ballast);

    public void MakeReadOnly() => Assert.True(Run("mount", "-o", "remount,ro", Folder));

    public void MakeWritable() => Assert.True(Run("mount", "-o", "remount,rw", Folder));

    public void Dispose()
    {
        Run("umount", "-l", Folder);
        Directory.Delete(Folder, recursive: true);
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // No such program.
        }
    }
}
