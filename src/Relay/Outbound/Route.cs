using Microsoft.Extensions.Logging;
using Relay.Smtp.Client;

namespace Relay.Outbound;

/// <summary>One way out: a few smarthosts, of which the first that can be used is used, and the first of all again as soon as it can be.</summary>
internal sealed class Route(IReadOnlyList<Smarthost> smarthosts, ILogger logger)
{
    public IReadOnlyList<Smarthost> Smarthosts => smarthosts;

    /// <summary>How long no smarthost of it is to be asked; zero when one may be.</summary>
    public TimeSpan UntilNextTry => smarthosts.Min(smarthost => smarthost.Health.UntilNextTry);

    public string LastFailure => smarthosts.Select(smarthost => smarthost.Health.LastFailure).FirstOrDefault(failure => failure is not null)
        ?? "the smarthost is away";

    /// <summary>Whether one that comes before it could be asked.</summary>
    public bool HasBetterThan(Smarthost current) =>
        smarthosts[0] != current && smarthosts.TakeWhile(smarthost => smarthost != current).Any(better => better.Health.UntilNextTry == TimeSpan.Zero);

    /// <summary>
    /// A connection to the first smarthost that gives one, up to but not including <paramref name="before"/>; null when none does. Whatever
    /// keeps us from saying MAIL is the smarthost's trouble, not the mail's, even if it is said with a 5yz.
    /// </summary>
    public async Task<RouteConnection?> ConnectAsync(Smarthost? before, CancellationToken cancellationToken)
    {
        foreach (var smarthost in smarthosts.TakeWhile(one => one != before).Where(one => one.Health.TryAsk()))
        {
            if (await ConnectToAsync(smarthost, cancellationToken) is { } connection)
            {
                return new RouteConnection(smarthost, connection);
            }
        }

        return null;
    }

    private async Task<SmtpConnection?> ConnectToAsync(Smarthost smarthost, CancellationToken cancellationToken)
    {
        bool isAnswered = false;
        try
        {
            var result = await smarthost.ConnectAsync(cancellationToken);
            isAnswered = true;
            if (result is SmtpConnectResult.Connected connected)
            {
                smarthost.Health.Reached();
                return connected.Connection;
            }

            string reason = result is SmtpConnectResult.Failed failed ? SendOutcome.Describe(failed.Outcome) : "no connection";
            if (smarthost.Health.Failed(reason))
            {
                OutboundLog.SmarthostAway(logger, smarthost.Name, reason);
            }

            return null;
        }
        finally
        {
            if (!isAnswered)
            {
                smarthost.Health.NotAsked();
            }
        }
    }
}
