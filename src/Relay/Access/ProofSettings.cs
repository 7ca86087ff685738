using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Relay.Settings;

namespace Relay.Access;

/// <summary>Reads what a subscriber entry says of its proof.</summary>
internal static class ProofSettings
{
    /// <summary>128 bits where the secret is random.</summary>
    private const int LeastSecret = 16;

    /// <summary>The journal remembers for 7 days what was executed, so that no proof that still holds can be executed again.</summary>
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(6);

    /// <param name="settings">The entry's.</param>
    /// <param name="entry">All else of it.</param>
    public static SubscriberEntry Read(SettingsReader settings, SubscriberEntry entry)
    {
        var read = entry with
        {
            Networks = settings.Networks("Networks"),
            Accounts = settings.Texts("Accounts").ToHashSet(StringComparer.Ordinal),
            AuthservId = settings.OptionalText("AuthservId"),
            Secret = ReadSecret(settings),
            Certificates = ReadThumbprints(settings),
            Authorities = ReadAuthorities(settings),
            ProofWindow = settings.Time("ProofWindow", entry.ProofWindow, TimeSpan.FromMinutes(1), LongestWindow),
        };
        NoteMissing(settings, read);
        return read;
    }

    private static void NoteMissing(SettingsReader settings, SubscriberEntry entry)
    {
        bool needsNetworks = entry.Proof is Proof.Network or Proof.AuthenticationResults;
        if (needsNetworks && entry.Networks.Count == 0)
        {
            settings.Fault("Networks", "is empty; name the networks whose clients this entry covers, such as 10.1.0.0/16");
        }

        if (entry.Proof == Proof.SmtpAuth && entry.Accounts.Count == 0)
        {
            settings.Fault("Accounts", "is empty; name the accounts that prove this entry, or * for every account");
        }

        if (entry.Proof == Proof.AuthenticationResults && entry.AuthservId is null)
        {
            settings.Fault("AuthservId", "is not given; name the server whose Authentication-Results are believed");
        }

        if (entry.Proof == Proof.Token && entry.Secret is null)
        {
            settings.Fault("Secret", "is not given; give it, or SecretFile");
        }

        if (entry.Proof == Proof.Signature && entry.Certificates.Count == 0 && entry.Authorities.Count == 0)
        {
            settings.Fault("Certificates", "is empty; give SHA-256 thumbprints, or Authorities");
        }
    }

    private static byte[]? ReadSecret(SettingsReader settings)
    {
        string? secret = settings.Secret("Secret", "SecretFile");
        if (secret is null)
        {
            return null;
        }

        if (Encoding.UTF8.GetByteCount(secret) < LeastSecret)
        {
            settings.Fault("Secret", $"is shorter than {LeastSecret} octets, so it can be guessed from a mail");
        }

        return Encoding.UTF8.GetBytes(secret);
    }

    private static HashSet<string> ReadThumbprints(SettingsReader settings)
    {
        var thumbprints = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (string text in settings.Texts("Certificates"))
        {
            string hex = text.Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
            if (hex.Length != 2 * SHA256.HashSizeInBytes || !hex.All(char.IsAsciiHexDigit))
            {
                settings.Fault("Certificates", $"has \"{text}\"; give SHA-256 thumbprints, 64 hexadecimal digits, as openssl x509 -fingerprint -sha256 shows them");
            }

            thumbprints.Add(hex);
        }

        return thumbprints;
    }

    private static X509Certificate2Collection ReadAuthorities(SettingsReader settings)
    {
        var authorities = new X509Certificate2Collection();
        if (settings.OptionalText("Authorities") is not { } path)
        {
            return authorities;
        }

        try
        {
            authorities.ImportFromPemFile(path);
            if (authorities.Count == 0)
            {
                settings.Fault("Authorities", $"names {path}, which holds no certificate in PEM");
            }
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            settings.Fault("Authorities", $"names {path}, which cannot be read: {exception.Message.TrimEnd('.')}");
        }

        return authorities;
    }
}
