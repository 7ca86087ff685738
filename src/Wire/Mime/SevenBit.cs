namespace Relay.Wire.Mime;

/// <summary>Content that travels as it stands.</summary>
public static class SevenBit
{
    private const int LongestLine = 998;

    /// <summary>Whether octets are 7bit data (RFC 2045 §2.7): ASCII without NUL, in lines of at most 998 octets that end with CRLF, no CR or LF alone.</summary>
    public static bool Fits(ReadOnlySpan<byte> octets)
    {
        var line = 0;
        for (var i = 0; i < octets.Length; i++)
        {
            switch (octets[i])
            {
                case (byte)'\r' when i + 1 < octets.Length && octets[i + 1] == (byte)'\n':
                    i++;
                    line = 0;
                    break;
                case (byte)'\r' or (byte)'\n' or 0 or > 127:
                    return false;
                default:
                    if (++line > LongestLine)
                    {
                        return false;
                    }

                    break;
            }
        }

        return true;
    }
}
