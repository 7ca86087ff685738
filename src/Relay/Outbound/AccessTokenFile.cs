namespace Relay.Outbound;

/// <summary>A file with an OAuth 2 access token, which something else renews: it is read again for each connection.</summary>
internal static class AccessTokenFile
{
    // A token with many claims has some 4,000; AUTH lines of servers end at 12,288 octets (RFC 4954 §4).
    private const int Most = 8 * 1024;

    /// <summary>The first line, or why there is no token in it.</summary>
    public static async Task<(string? Token, string Fault)> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var reader = new StreamReader(path);
            char[] octets = new char[Most + 1];
            int length = await reader.ReadBlockAsync(octets, cancellationToken);
            string line = new string(octets, 0, length).Split('\n')[0].TrimEnd();
            return line.Length is 0 or > Most || line.AsSpan().ContainsAnyExceptInRange('!', '~')
                ? (null, $"the first line of {path} is no access token")
                : (line, "");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, $"the access token cannot be read: {exception.Message}");
        }
    }
}
