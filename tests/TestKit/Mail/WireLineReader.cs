namespace Relay.TestKit.Mail;

/// <summary>Octets of a connection, by the line and by the count.</summary>
internal sealed class WireLineReader(Stream stream)
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <summary>Whether octets lie read but unused: sent before our last answer.</summary>
    internal bool HasMore => _start < _end;

    /// <summary>The next line with its CRLF; null at the end of the stream. A lone CR or LF stays inside its line.</summary>
    internal async ValueTask<byte[]?> LineAsync(CancellationToken stop)
    {
        var line = new List<byte>(128);
        while (true)
        {
            if (_start == _end && !await FillAsync(stop))
            {
                return null;
            }

            byte octet = _buffer[_start++];
            line.Add(octet);
            if (octet == '\n' && line.Count >= 2 && line[^2] == '\r')
            {
                return [.. line];
            }
        }
    }

    /// <summary>So many octets; null when the stream ends before.</summary>
    internal async ValueTask<byte[]?> OctetsAsync(int count, CancellationToken stop)
    {
        byte[] octets = new byte[count];
        for (int filled = 0; filled < count;)
        {
            if (_start == _end && !await FillAsync(stop))
            {
                return null;
            }

            int step = Math.Min(count - filled, _end - _start);
            _buffer.AsSpan(_start, step).CopyTo(octets.AsSpan(filled));
            _start += step;
            filled += step;
        }

        return octets;
    }

    internal async ValueTask SkipAsync(int octets, CancellationToken stop)
    {
        while (octets > 0 && (HasMore || await FillAsync(stop)))
        {
            int step = Math.Min(octets, _end - _start);
            _start += step;
            octets -= step;
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken stop)
    {
        _start = 0;
        _end = await stream.ReadAsync(_buffer, stop);
        return _end > 0;
    }
}
