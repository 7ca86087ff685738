using System.Diagnostics;
using System.Globalization;
using Relay.Store;

namespace Relay.Inbound;

/// <summary>
/// An mbox file, locked against deliveries as they lock it: by a dot lock, and by fcntl. Taken mails leave by truncation, which is why a mail's
/// place is part of its name: after a crash the same mails lie at the same places.
/// </summary>
internal sealed class MboxSource : IPickupSource
{
    /// <summary>What lockfile_check(3) waits for.</summary>
    private static readonly TimeSpan OldLock = TimeSpan.FromMinutes(5);

    private readonly string _dotLock;
    private readonly string _aside;
    private readonly IReadOnlyList<(PickupMail Mail, long Start, long Length)> _mails = [];
    private readonly FileStream? _file;
    private readonly bool _hasDotLock;

    /// <param name="path">The file.</param>
    /// <param name="time">For the age of a lock that was left.</param>
    /// <exception cref="IOException">Somebody delivers just now, or it is no mbox file.</exception>
    public MboxSource(string path, TimeProvider time)
    {
        _dotLock = path + ".lock";
        _aside = path + ".set-aside";
        RemoveLeftLock(_dotLock, time);
        _hasDotLock = TryDotLock();
        try
        {
            _file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            if (!OperatingSystem.IsMacOS()) // has no such lock; the dot lock holds there
            {
                _file.Lock(0, 0); // fcntl: a length of 0 is the whole file
            }

            _mails = [.. MboxScan.Read(_file).Select(mail =>
                (new PickupMail(mail.Name, atMost => Read(mail.Start, mail.Length, atMost)), mail.Start, mail.Length))];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IReadOnlyList<PickupMail> Mails => [.. _mails.Select(mail => mail.Mail)];

    /// <remarks>What was not taken is added to a file beside this one, whose name ends in <c>.set-aside</c>; a crash before the end adds it twice.</remarks>
    public void Remove(IReadOnlyCollection<PickupMail> kept)
    {
        if (kept.Count > 0)
        {
            CopyAside(_mails.Where(mail => kept.Contains(mail.Mail)));
        }

        if (_file!.Length != _mails.Sum(mail => mail.Length))
        {
            throw new IOException("Somebody has written to the file without asking for its lock.");
        }

        _file.SetLength(0);
        _file.Flush(flushToDisk: true);
    }

    public void Dispose()
    {
        _file?.Dispose(); // and with it the lock of fcntl
        if (_hasDotLock)
        {
            File.Delete(_dotLock);
        }
    }

    /// <summary>False where the folder is not ours to write to: then fcntl has to do.</summary>
    private bool TryDotLock()
    {
        try
        {
            using var file = new FileStream(_dotLock, FileMode.CreateNew, FileAccess.Write);
            file.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n")));
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// A lock outlives a crash of its holder, ours too, and would keep the file from everybody for ever. As lockfile_check(3) has it, it is left where
    /// the process that it names is gone, or where it is old and names none; or us, who hold none yet: in a container each run has the same number.
    /// </summary>
    private static void RemoveLeftLock(string path, TimeProvider time)
    {
        if (!File.Exists(path))
        {
            return;
        }

        bool isOld = time.GetUtcNow() - File.GetLastWriteTimeUtc(path) > OldLock;
        bool hasHolder = int.TryParse(File.ReadAllText(path).AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int holder) && holder > 0;
        if (!hasHolder || holder == Environment.ProcessId ? isOld : !IsAlive(holder))
        {
            File.Delete(path);
        }
    }

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false; // that is how it says so
        }
    }

    private byte[] Read(long start, long length, long atMost)
    {
        if (length > atMost)
        {
            throw new InvalidDataException($"it has {length} octets, more than MaxMessageBytes");
        }

        byte[] octets = new byte[length];
        _file!.Position = start;
        _file.ReadExactly(octets);
        return Unquoted(octets);
    }

    private void CopyAside(IEnumerable<(PickupMail Mail, long Start, long Length)> mails)
    {
        using var aside = new FileStream(_aside, OwnerOnly.Opening(FileMode.Append, FileAccess.Write, FileShare.Read));
        byte[] buffer = new byte[128 * 1024];
        foreach (var (_, start, length) in mails)
        {
            _file!.Position = start;
            for (long left = length; left > 0;)
            {
                int count = (int)Math.Min(left, buffer.Length);
                _file.ReadExactly(buffer, 0, count);
                aside.Write(buffer, 0, count);
                left -= count;
            }
        }

        aside.Flush(flushToDisk: true);
    }

    /// <summary>Lines that begin <c>&gt;From </c>, with more <c>&gt;</c> or not, were given one when they were delivered.</summary>
    private static byte[] Unquoted(ReadOnlySpan<byte> mail)
    {
        using var result = new MemoryStream(mail.Length);
        while (!mail.IsEmpty)
        {
            int end = mail.IndexOf((byte)'\n');
            var line = end < 0 ? mail : mail[..(end + 1)];
            mail = mail[line.Length..];
            result.Write(line[0] == '>' && line.TrimStart((byte)'>').StartsWith("From "u8) ? line[1..] : line);
        }

        return result.ToArray();
    }
}
