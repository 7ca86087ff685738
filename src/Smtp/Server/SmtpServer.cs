using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relay.Smtp.Sockets;

namespace Relay.Smtp.Server;

/// <summary>
/// An SMTP and LMTP server, on loops of its own on Linux and on Kestrel's connection layer elsewhere. It opens no port before
/// <see cref="StartAsync"/>.
/// </summary>
public sealed class SmtpServer : IAsyncDisposable
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    private readonly ServerContext _context;
    private readonly IConnectionListenerFactory _transport;
    private readonly List<IConnectionListener> _listeners = [];
    private readonly List<Task> _accepting = [];
    private readonly CancellationTokenSource _stopAccepting = new();
    private readonly CancellationTokenSource _giveUp = new();
    private ITimer? _heartbeat;
    private bool _disposed;

    /// <summary>Checks the options; nothing listens yet.</summary>
    /// <exception cref="ArgumentException">Names every fault of the options.</exception>
    public SmtpServer(SmtpServerOptions options, IMailHandler handler, TimeProvider time, ILoggerFactory loggers)
    {
        var faults = options.Faults().ToList();
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        }

        if (options.Certificate is { } certificate && options.Listeners.Any(listener => listener.Tls != SmtpTlsMode.None))
        {
            options.Identity.Set(certificate, options.Intermediates);
        }

        var log = loggers.CreateLogger("Relay.Smtp.Server");
        _context = new ServerContext(options, handler, time, log, new SessionTable(options.Limits), new TraceSwitch());
        _transport = OperatingSystem.IsLinux() && !options.UsesKestrel
            ? new LoopTransport(Math.Max(1, Environment.ProcessorCount / 2), time.GetUtcNow().Ticks)
            : new SocketTransportFactory(Options.Create(ForKestrel()), loggers);
    }

    /// <summary>In the order of the listeners, with the ports that were free where 0 was asked for. Empty before the start.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => [.. _listeners.Select(listener => (IPEndPoint)listener.EndPoint)];

    /// <summary>Sessions just now.</summary>
    public int SessionCount => _context.Sessions.Count;

    /// <summary>
    /// Clients whose dialogues are logged line by line, without content and without secrets; none at first. May be set at any time,
    /// and holds for sessions that are under way.
    /// </summary>
    public IReadOnlyList<IPNetwork> TraceNetworks
    {
        get => _context.Trace.Networks;
        set => _context.Trace.Networks = value;
    }

    /// <summary>Takes another certificate for handshakes from now on; sessions under way keep theirs.</summary>
    /// <param name="certificate">With its private key.</param>
    /// <param name="intermediates">As in <see cref="SmtpServerOptions.Intermediates"/>.</param>
    public void Renew(X509Certificate2 certificate, X509Certificate2Collection intermediates) => _context.Options.Identity.Set(certificate, intermediates);

    /// <summary>Opens every listener, or none.</summary>
    /// <exception cref="IOException">An address is in use, or not ours to listen on; the message is a sentence that names it.</exception>
    public async Task StartAsync(CancellationToken ct)
    {
        try
        {
            foreach (var options in _context.Options.Listeners)
            {
                _listeners.Add(await BindAsync(new IPEndPoint(options.Address, options.Port), ct));
            }
        }
        catch
        {
            await UnbindAsync();
            throw;
        }

        _heartbeat = _context.Time.CreateTimer(_ => CheckDeadlines(), null, Heartbeat, Heartbeat);
        foreach (var (listener, options) in _listeners.Zip(_context.Options.Listeners))
        {
            ServerLog.Listening(_context.Log, listener.EndPoint);
            _accepting.Add(AcceptAsync(listener, options));
        }
    }

    /// <summary>
    /// Takes no more connections, says 421 where no mail is under way, and lets content that is coming in come in, until
    /// <paramref name="ct"/> cuts what is left.
    /// </summary>
    public async Task StopAsync(CancellationToken ct)
    {
        await _stopAccepting.CancelAsync();
        await UnbindAsync();
        await Task.WhenAll(_accepting);
        var sessions = _context.Sessions.All.ToList();
        sessions.ForEach(session => session.Stop());
        var ended = Task.WhenAll(sessions.Select(session => session.Completion));
        try
        {
            await ended.WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            // The time for finishing is over: cutting is what the caller asked for.
            await _giveUp.CancelAsync();
            sessions.ForEach(session => session.Abort("The server has stopped."));
            await ended;
        }

        if (_heartbeat is not null)
        {
            await _heartbeat.DisposeAsync();
        }
    }

    /// <summary>Stops at once; mail whose content is not complete is refused by the closed connection.</summary>
    public async ValueTask DisposeAsync()
    {
        // A container that knows the server under two names disposes of it twice.
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        if (!_giveUp.IsCancellationRequested)
        {
            await StopAsync(new CancellationToken(canceled: true));
        }

        _stopAccepting.Dispose();
        _giveUp.Dispose();
        (_transport as IDisposable)?.Dispose();
    }

    private static SocketTransportOptions ForKestrel() => new()
    {
        // Memory of a session stays flat whatever the client pours in: the socket is not read further than this ahead.
        MaxReadBufferSize = 64 * 1024,
        MaxWriteBufferSize = 64 * 1024,
        // A session never blocks its thread, so replies need no hop to another one.
        UnsafePreferInlineScheduling = true,
    };

    private async Task<IConnectionListener> BindAsync(IPEndPoint address, CancellationToken ct)
    {
        try
        {
            return await _transport.BindAsync(address, ct);
        }
        catch (AddressInUseException e)
        {
            throw new IOException($"SMTP cannot listen on {address}: another program does.", e);
        }
        catch (SocketException e)
        {
            throw new IOException($"SMTP cannot listen on {address}: {e.Message}.", e);
        }
    }

    private async Task AcceptAsync(IConnectionListener listener, SmtpListenerOptions options)
    {
        while (!_stopAccepting.IsCancellationRequested)
        {
            try
            {
                // No look-up of names here: one slow resolver would hold up everybody.
                if (await listener.AcceptAsync(CancellationToken.None) is not { } connection)
                {
                    return;
                }

                var session = new SessionHolder(connection, options, _context);
                _context.Sessions.Add(session);
                session.Start(_giveUp.Token);
            }
            catch (Exception e) when (!_stopAccepting.IsCancellationRequested)
            {
                // Out of descriptors, most likely: it passes, and a listener that has died would not come back.
                ServerLog.AcceptFailed(_context.Log, e, listener.EndPoint);
                await Task.Delay(Heartbeat, _context.Time, _stopAccepting.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void CheckDeadlines()
    {
        foreach (var session in _context.Sessions.All)
        {
            session.CheckDeadline();
        }
    }

    private async Task UnbindAsync()
    {
        foreach (var listener in _listeners)
        {
            await listener.UnbindAsync(CancellationToken.None);
            await listener.DisposeAsync();
        }
    }
}
