using System.Security.Cryptography;
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
    private string? _thumbprint;

    /// <param name="files">Where it is.</param>
    /// <param name="thumbprint">Of the certificate that the server has.</param>
    /// <param name="server">Who is given the new one.</param>
    /// <param name="time">For when to look.</param>
    /// <param name="logger">For what is found.</param>
    public CertificateRenewal(CertificateFiles files, string? thumbprint, SmtpServer server, TimeProvider time, ILogger logger)
    {
        _files = files;
        _thumbprint = thumbprint;
        _server = server;
        _logger = logger;
        _timer = time.CreateTimer(_ => Look(), null, ReadEach, ReadEach);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Look()
    {
        LoadedCertificate? unused = null;
        try
        {
            var (certificate, others) = unused = _files.Load();
            if (certificate.Thumbprint == _thumbprint)
            {
                return;
            }

            if (!certificate.HasPrivateKey)
            {
                throw new CryptographicException("it has no key");
            }

            _server.Renew(certificate, others);
            unused = null; // and the one before is still shown in handshakes under way
            _thumbprint = certificate.Thumbprint;
            InboundLog.CertificateRenewed(_logger, _files.Path, certificate.NotAfter.ToUniversalTime());
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            // Half written, perhaps: the one before is good until its time is over.
            InboundLog.CertificateNotRead(_logger, _files.Path, exception.Message);
        }
        finally
        {
            unused?.Dispose();
        }
    }
}
