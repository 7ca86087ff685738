using System.Text.Json;

namespace Relay.Client.Mail;

/// <summary>
/// Remembers on disk up to which watermark each subscription was dealt with. Written after a notification is dealt with, it makes the
/// chain whole across restarts: what was taken but not dealt with shows as a break, and GetEvents brings it back. For one thread.
/// </summary>
internal sealed class WatermarkFile
{
    private readonly string _path;
    private readonly Dictionary<string, string> _watermarks;

    private WatermarkFile(string path, Dictionary<string, string> watermarks)
    {
        _path = path;
        _watermarks = watermarks;
    }

    /// <summary>Opens the file, which need not exist yet.</summary>
    /// <exception cref="InvalidDataException">It is there and is none of ours.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static WatermarkFile Open(string path)
    {
        if (!File.Exists(path))
        {
            return new WatermarkFile(path, []);
        }
        try
        {
            return new WatermarkFile(path, JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllBytes(path)) ?? []);
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"{path} does not hold watermarks: {broken.Message}", broken);
        }
    }

    /// <summary>Begins every subscription's chain where the file stands.</summary>
    public void CopyTo(NotificationChain chain)
    {
        foreach ((string subscriptionId, string watermark) in _watermarks)
        {
            chain.Begin(subscriptionId, watermark);
        }
    }

    /// <summary>Sets a subscription's watermark; when it returns, the new file is on the disk, whole.</summary>
    public void Set(string subscriptionId, string watermark)
    {
        _watermarks[subscriptionId] = watermark;
        string next = $"{_path}.next";
        using (var stream = new FileStream(next, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(stream, _watermarks);
            stream.Flush(flushToDisk: true);
        }
        // A rename is whole or it has not happened: a crash leaves the old file or the new one.
        File.Move(next, _path, overwrite: true);
    }
}
