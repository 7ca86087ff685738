using System.Diagnostics.CodeAnalysis;

namespace Relay.Wire.Mime;

/// <summary>
/// One Authentication-Results field (RFC 8601 §2.2). Read strictly: whoever sent the mail chose some of the values in it, and a field that
/// can be read in two ways is not used.
/// </summary>
/// <param name="AuthservId">Who says so; compared ignoring case.</param>
/// <param name="Results">In their order; empty for <c>none</c>.</param>
public sealed record AuthenticationResults(string AuthservId, IReadOnlyList<AuthenticationResult> Results)
{
    // A field longer than any real one is not worth reading.
    private const int MaxLength = 16 * 1024;

    /// <summary>False where the field is not of the form.</summary>
    /// <param name="value">The field's value, folded or not.</param>
    public static bool TryParse(string value, [NotNullWhen(true)] out AuthenticationResults? field)
    {
        field = null;
        if (value.Length > MaxLength)
        {
            return false;
        }

        var scanner = new HeaderScanner(HeaderText.Unfold(value));
        if (!TryValue(ref scanner, out var id) || !TryVersion(ref scanner))
        {
            return false;
        }

        var results = new List<AuthenticationResult>();
        while (scanner.Take(';'))
        {
            if (IsAtEnd(ref scanner))
            {
                break; // one semicolon too many, which many programs write
            }

            if (!TryResult(ref scanner, out var result))
            {
                return false;
            }

            if (result.Method != "none")
            {
                results.Add(result);
            }
        }

        if (!IsAtEnd(ref scanner))
        {
            return false;
        }

        field = new AuthenticationResults(id, results);
        return true;
    }

    private static bool IsAtEnd(ref HeaderScanner scanner)
    {
        scanner.SkipComments();
        return scanner.Rest.IsEmpty;
    }

    // RFC 8601 §2.2: a version other than 1 is not to be understood.
    private static bool TryVersion(ref HeaderScanner scanner)
    {
        scanner.SkipComments();
        return scanner.Rest is [';', ..] or [] || scanner.Token() is "1";
    }

    private static bool TryResult(ref HeaderScanner scanner, [NotNullWhen(true)] out AuthenticationResult? result)
    {
        result = null;
        var method = scanner.Token().ToString().ToLowerInvariant();
        if (method == "none" && !scanner.Rest.StartsWith("="))
        {
            result = new AuthenticationResult(method, "", MimeParameters.None);
            return true;
        }

        if (method.Length == 0 || (scanner.Take('/') && scanner.Token() is not "1") || !scanner.Take('='))
        {
            return false;
        }

        var outcome = scanner.Token().ToString().ToLowerInvariant();
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        while (true)
        {
            scanner.SkipComments();
            if (scanner.Rest is [] or [';', ..])
            {
                result = new AuthenticationResult(method, outcome, properties);
                return outcome.Length > 0;
            }

            var name = scanner.Token().ToString().ToLowerInvariant();
            if (name.Length == 0 || !scanner.Take('=') || !TryValue(ref scanner, out var text))
            {
                return false;
            }

            properties.TryAdd(name, text);
        }
    }

    /// <summary>A token, a quoted string, or what may stand for an address: up to a space, a comment or a semicolon.</summary>
    private static bool TryValue(ref HeaderScanner scanner, out string value)
    {
        scanner.SkipComments();
        if (scanner.Rest is ['"', ..])
        {
            value = scanner.Quoted();
            // A local part in quotes goes on with its domain; nothing here is proven by one.
            return scanner.Rest is [] or [' ' or '\t' or ';' or '(', ..];
        }

        var end = scanner.Rest.IndexOfAny(" \t;(\"");
        value = (end < 0 ? scanner.Rest : scanner.Rest[..end]).ToString();
        scanner.Skip(value.Length);
        return value.Length > 0 && scanner.Rest is not ['"', ..];
    }
}
