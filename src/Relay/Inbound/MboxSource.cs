using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Relay.Inbound;

/// <summary>
/// An mbox file, locked against deliveries as they lock it: by a dot lock, and by fcntl. Taken mails leave by truncation, which is why a mail's
/// place is part of its name: after a crash the same mails lie at the same places.
/// </summary>
internal sealed class MboxSource : IPickupSource
{
    /// <summary>It is read whole while its writers wait.</summary>
    private const int MostOctets = 512 * 1024 * 1024;

    /// <summary>What lockfile_check(3) waits for.</summary>
    private static readonly TimeSpan OldLock = TimeSpan.FromMinutes(5);

    private readonly string _dotLock;
    private readonly FileStream? _file;
    private readonly bool _hasDotLock;

    /// <param name="path">The file.</param>
    /// <param name="time">For the age of a lock that was left.</param>
    /// <exception cref="IOException">Somebody delivers just now, or it is no mbox file.</exception>
    public MboxSource(string path, TimeProvider time)
    {
        _dotLock = path + ".lock";
        RemoveLeftLock(_dotLock, time);
        _hasDotLock = TryDotLock();
        try
        {
            _file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            if (!OperatingSystem.IsMacOS()) // has no such lock; the dot lock holds there
            {
                _file.Lock(0, 0); // fcntl: a length of 0 is the whole file
            }

            if (_file.Length > MostOctets)
            {
                throw new IOException($"The file is larger than {MostOctets} octets; split it.");
            }

            byte[] octets = new byte[_file.Length];
            _file.ReadExactly(octets);
            Mails = [.. Split(octets).Select((mail, index) => (NameOf(mail.Span, index), (Func<byte[]>)(() => Unquoted(mail.Span))))];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IReadOnlyList<(string Name, Func<byte[]> Read)> Mails { get; }

    public void Remove()
    {
        _file!.SetLength(0);
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

    private static string NameOf(ReadOnlySpan<byte> mail, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{index}-{Convert.ToHexStringLower(SHA256.HashData(mail))}");

    /// <summary>From each <c>From </c> line that begins the file or follows an empty line, to the next.</summary>
    private static List<ReadOnlyMemory<byte>> Split(byte[] octets)
    {
        var mails = new List<ReadOnlyMemory<byte>>();
        if (octets.Length > 0 && !octets.AsSpan().StartsWith("From "u8))
        {
            throw new InvalidDataException("The file does not begin like an mbox file.");
        }

        int start = 0;
        bool afterEmpty = false;
        for (int at = 0; at < octets.Length;)
        {
            var line = octets.AsSpan(at);
            int end = line.IndexOf((byte)'\n');
            line = end < 0 ? line : line[..end];
            if (afterEmpty && at > 0 && line.StartsWith("From "u8))
            {
                mails.Add(octets.AsMemory(start..at));
                start = at;
            }

            afterEmpty = line.TrimEnd((byte)'\r').IsEmpty;
            at += end < 0 ? line.Length : end + 1;
        }

        if (start < octets.Length)
        {
            mails.Add(octets.AsMemory(start));
        }

        return mails;
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
