using System.Security.Cryptography;

namespace Relay.Exchange;

/// <summary>What keys of the section must be to go together, and to be used at all. Names every fault at once, each with its key.</summary>
internal static class ExchangeOptionsValidator
{
    public static IReadOnlyList<string> Faults(ExchangeOptions options)
    {
        var faults = new List<string>();
        CheckAddress(options, faults);
        CheckAccount(options, faults);
        if (options is { Auth: ExchangeAuth.OAuth, Url: not null })
        {
            CheckApplication(options, faults);
        }

        CheckOrder(options, faults);
        return faults;
    }

    private static void CheckAddress(ExchangeOptions options, List<string> faults)
    {
        if (options.Url is { } url && (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https")))
        {
            faults.Add($"{Key(nameof(options.Url))} is {url}; it must be an absolute http or https address.");
        }

        if (options.Auth is ExchangeAuth.Basic or ExchangeAuth.OAuth && options.Url is { IsAbsoluteUri: true, Scheme: "http", IsLoopback: false })
        {
            faults.Add($"{Key(nameof(options.Url))} is {options.Url}; {options.Auth} would send its secret in the clear: use https.");
        }

        if (options.Mode == ExchangeMode.Push && options.PushUrl is not { IsAbsoluteUri: true, Scheme: "http" or "https", AbsoluteUri.Length: < 2083 })
        {
            faults.Add($"{Key(nameof(options.PushUrl))} is {options.PushUrl}; Push needs the http or https address at which Exchange reaches the relay.");
        }

        if (options.Url is null && options.Auth != ExchangeAuth.Basic)
        {
            faults.Add($"{Key(nameof(options.Url))} is empty; {options.Auth} is for an Exchange of yours, the embedded simulator takes Basic alone.");
        }

        CheckAuthorities(nameof(options.TrustedCertificates), options.TrustedCertificates, faults);
    }

    private static void CheckAuthorities(string key, string? file, List<string> faults)
    {
        try
        {
            if (file is not null && ExchangeHandlers.Authorities(file).Count == 0)
            {
                faults.Add($"{Key(key)} names {file}, which holds no certificate in PEM.");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            faults.Add($"{Key(key)} names {file}, which cannot be read: {exception.Message.TrimEnd('.')}.");
        }
    }

    private static void CheckAccount(ExchangeOptions options, List<string> faults)
    {
        if (options.Url is not null && options.Auth == ExchangeAuth.Basic && string.IsNullOrEmpty(options.UserName))
        {
            faults.Add($"{Key(nameof(options.UserName))} is empty; Basic needs an account.");
        }

        if (options.UserName is not null && options.UserName.Contains(':', StringComparison.Ordinal) && options.Auth == ExchangeAuth.Basic)
        {
            faults.Add($"{Key(nameof(options.UserName))} holds a colon, which Basic cannot carry.");
        }

        if (string.IsNullOrWhiteSpace(options.ServerVersion))
        {
            faults.Add($"{Key(nameof(options.ServerVersion))} is empty; it must be a version such as Exchange2013_SP1.");
        }
    }

    private static void CheckApplication(ExchangeOptions options, List<string> faults)
    {
        var oauth = options.OAuth;
        foreach (var (key, value) in new[] { (nameof(oauth.TenantId), oauth.TenantId), (nameof(oauth.ClientId), oauth.ClientId) })
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                faults.Add($"{Key($"OAuth:{key}")} is empty; OAuth needs the directory and the application in it.");
            }
        }

        if (string.IsNullOrEmpty(oauth.ClientSecret) == oauth.Certificate is null)
        {
            faults.Add($"{Key("OAuth:ClientSecret")} or {Key("OAuth:CertificatePath")} must be given, one of them.");
        }

        if (!options.Impersonate)
        {
            faults.Add($"{Key(nameof(options.Impersonate))} is false; an application has no mailbox of its own, so OAuth needs it.");
        }

        CheckAuthorities("OAuth:TrustedCertificates", oauth.TrustedCertificates, faults);
    }

    // Where one value bounds another; the ranges of each alone stand where it is read.
    private static void CheckOrder(ExchangeOptions options, List<string> faults)
    {
        Within(nameof(options.PullFastest), options.PullFastest, ExchangeSettings.ShortestPull, options.PullSlowest, faults);
        Within(nameof(options.FirstRetry), options.FirstRetry, ExchangeSettings.ShortestRetry, options.LastRetry, faults);
    }

    private static void Within(string key, TimeSpan value, TimeSpan least, TimeSpan most, List<string> faults)
    {
        if (value < least || value > most)
        {
            faults.Add($"{Key(key)} is {value}; it must be between {least} and {most}.");
        }
    }

    private static string Key(string name) => $"{ExchangeOptions.Section}:{name}";
}
