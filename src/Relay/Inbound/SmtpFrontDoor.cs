using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.Smtp.Server;

namespace Relay.Inbound;

/// <summary>Opens the SMTP listeners when everything behind them runs, and closes them before anything behind them stops.</summary>
internal sealed class SmtpFrontDoor(
    SmtpOptions options,
    SpoolHandler handler,
    Pressure pressure,
    AccountAuthenticator accounts,
    InboundMeters meters,
    TimeProvider time,
    ILoggerFactory loggers)
    : IHostedLifecycleService, IAsyncDisposable
{
    // One client that dawdles in DATA must not use up the time of everything that stops after.
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(10);

    private readonly SmtpServer _server = new(WithAccounts(options.Server, accounts), handler, time, loggers);
    private CertificateRenewal? _renewal;

    public IReadOnlyList<System.Net.IPEndPoint> EndPoints => _server.EndPoints;

    /// <summary>Clients whose dialogues are logged; may change at any time.</summary>
    public IReadOnlyList<System.Net.IPNetwork> TraceNetworks { set => _server.TraceNetworks = value; }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        meters.Sessions(() => _server.SessionCount);
        CheckOpenFiles();
        // What the first MAIL asks for is opened while it can be. What comes of it counts when somebody asks.
        _ = await pressure.RefusalAsync(octets: 0, sender: null);
        await _server.StartAsync(cancellationToken);
        _renewal = options.CertificateFiles is { } files && options.Server.Certificate is { } certificate
            ? new CertificateRenewal(
                files, CertificateRenewal.Identify(certificate, options.Server.Intermediates), _server, time, loggers.CreateLogger<CertificateRenewal>())
            : null;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestFarewell);
        await EndRenewalAsync();
        await _server.StopAsync(limit.Token);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await EndRenewalAsync();
        await _server.DisposeAsync();
    }

    // Said and not refused: the sessions may never be so many, and those that do not fit are not lost, they wait to be accepted.
    private void CheckOpenFiles()
    {
        int sessions = options.Server.Limits.Sessions;
        if (OpenFiles.Most() is { } most && !OpenFiles.Suffice(most, sessions))
        {
            InboundLog.FewOpenFiles(loggers.CreateLogger<SmtpFrontDoor>(), most, sessions, sessions + (long)OpenFiles.BesidesSessions);
        }
    }

    private ValueTask EndRenewalAsync() => Interlocked.Exchange(ref _renewal, null)?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static SmtpServerOptions WithAccounts(SmtpServerOptions options, AccountAuthenticator accounts)
    {
        options.Authenticator = accounts;
        return options;
    }
}
