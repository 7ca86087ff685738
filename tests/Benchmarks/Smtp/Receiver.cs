using Microsoft.Extensions.Logging.Abstractions;
using Relay.Smtp.Server;

namespace Relay.Benchmarks.Smtp;

/// <summary>Something that mails are sent to, under a name for the table.</summary>
/// <param name="Name">The column.</param>
/// <param name="Port">On loopback.</param>
/// <param name="Share">Gets so many times fewer mails than the others: a slow one need not slow down the run.</param>
internal sealed record Receiver(string Name, int Port, int Share = 1)
{
    /// <summary>Our server with an application behind it.</summary>
    public static async Task<(Receiver Receiver, SmtpServer Server)> StartAsync(string name, IMailHandler handler, long maxMessage = 10 * 1024 * 1024)
    {
        var options = new SmtpServerOptions { MaxMessageBytes = maxMessage };
        options.Limits.CommandsWithoutMail = int.MaxValue;
        options.Listeners.Add(new SmtpListenerOptions());
        var server = new SmtpServer(options, handler, TimeProvider.System, NullLoggerFactory.Instance);
        await server.StartAsync(CancellationToken.None);
        return (new Receiver(name, server.EndPoints[0].Port), server);
    }
}
