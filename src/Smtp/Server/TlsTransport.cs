using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace Relay.Smtp.Server;

/// <summary>A connection's pipes with TLS between.</summary>
internal sealed class TlsTransport : IDuplexPipe, IAsyncDisposable
{
    private readonly SslStream _tls;

    private TlsTransport(SslStream tls)
    {
        _tls = tls;
        Input = PipeReader.Create(tls, new StreamPipeReaderOptions(leaveOpen: true));
        Output = PipeWriter.Create(tls, new StreamPipeWriterOptions(leaveOpen: true));
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <summary>Shakes hands.</summary>
    /// <exception cref="ConnectionLostException">The client left or was late, spoke something else than TLS, or no version that is taken here.</exception>
    public static async Task<TlsTransport> AcceptAsync(IDuplexPipe plain, SslStreamCertificateContext identity, CancellationToken ct)
    {
        var tls = new SslStream(new DuplexPipeStream(plain));
        try
        {
            var options = new SslServerAuthenticationOptions
            {
                ServerCertificateContext = identity,
                // RFC 8996 §1: nothing older.
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                // One handshake a session: each costs us more than whoever asks for it.
                AllowRenegotiation = false,
            };
            await tls.AuthenticateAsServerAsync(options, ct);
            return new TlsTransport(tls);
        }
        catch (Exception e) when (e is AuthenticationException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            await tls.DisposeAsync();
            throw new ConnectionLostException($"no TLS: {e.Message}", e);
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    /// <summary>Says that nothing was cut off, then lets go of the stream; the connection below stays open.</summary>
    /// <exception cref="IOException">Nobody is there to be told, or there is no TLS any more.</exception>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Output.CompleteAsync();
            await Input.CompleteAsync();
            await _tls.ShutdownAsync();
        }
        catch (CryptographicException e)
        {
            // Behind a record that was none, TLS cannot be brought to its end any more.
            throw new ConnectionLostException($"no end of TLS: {e.Message}", e);
        }
        finally
        {
            // Also where nobody is there to be told: keys and buffers are not left to the garbage collector.
            await _tls.DisposeAsync();
        }
    }
}
