using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Relay.Settings;
using Relay.Smtp.Server;

namespace Relay.Inbound;

/// <summary>Takes a certificate that was renewed in its file, without a restart: they are good for weeks, and a relay runs for longer.</summary>
internal sealed class CertificateRenewal : IAsyncDisposable
{
    // Renewals come weeks before they are needed. Read rather than watched: the file may be reached through links that change.
    private static readonly TimeSpan ReadEach = TimeSpan.FromMinutes(10);

    private readonly CertificateFiles _files;
    private readonly SmtpServer _server;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private string? _shown;

    /// <param name="files">Where it is.</param>
    /// <param name="shown">What <see cref="Identify"/> says of the certificate that the server has, and of those behind it.</param>
    /// <param name="server">Who is given the new one.</param>
    /// <param name="time">For when to look.</param>
    /// <param name="logger">For what is found.</param>
    public CertificateRenewal(CertificateFiles files, string? shown, SmtpServer server, TimeProvider time, ILogger logger)
    {
        _files = files;
        _shown = shown;
        _server = server;
        _logger = logger;
        _timer = time.CreateTimer(_ => Look(), null, ReadEach, ReadEach);
    }

    /// <summary>The thumbprints, our own first: a chain that was mended is shown too, though its first certificate is the same.</summary>
    public static string Identify(X509Certificate2 certificate, X509Certificate2Collection others) =>
        string.Join(' ', others.Prepend(certificate).Select(static one => one.Thumbprint));

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Look()
    {
        LoadedCertificate? unused = null;
        try
        {
            var (certificate, others) = unused = _files.Load();
            string found = Identify(certificate, others);
            if (found == _shown)
            {
                return;
            }

            if (!certificate.HasPrivateKey)
            {
                throw new CryptographicException("it has no key");
            }

            _server.Renew(certificate, others);
            unused = null; // and the one before is still shown in handshakes under way
            _shown = found;
            InboundLog.CertificateRenewed(_logger, _files.Path, certificate.NotAfter.ToUniversalTime());
        }
        catch (Exception exception)
        {
            // Half written, perhaps: the one before is good until its time is over. Whatever it is, on a timer it would be the end of the process.
            InboundLog.CertificateNotRead(_logger, _files.Path, exception.Message);
        }
        finally
        {
            unused?.Dispose();
        }
    }
}
