using Microsoft.Extensions.DependencyInjection;
using Relay.Exchange;

namespace Relay.Operator;

/// <summary>Whether Exchange lets us read and watch each mailbox.</summary>
internal static class ExchangeCheck
{
    private const string Subject = "exchange";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <param name="exchange">With a URL.</param>
    /// <param name="mailboxes">Those to be tried.</param>
    /// <param name="time">For limits.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    public static async Task<IReadOnlyList<CheckLine>> RunAsync(
        ExchangeOptions exchange, IReadOnlyList<string> mailboxes, TimeProvider time, CancellationToken cancellationToken)
    {
        if (mailboxes.Count == 0)
        {
            return [CheckLine.Trouble(Subject, $"{exchange.Url}: no mailbox is known yet that could be tried; name one with --mailbox.")];
        }

        exchange.RequestTimeout = exchange.RequestTimeout < Patience ? exchange.RequestTimeout : Patience;
        await using var services = new ServiceCollection().AddLogging().AddSingleton(time).AddExchange(exchange).BuildServiceProvider();
        var probe = services.GetRequiredService<ExchangeProbe>();
        var lines = new List<CheckLine>();
        foreach (string mailbox in mailboxes)
        {
            lines.Add(await TryAsync(probe, mailbox, cancellationToken));
        }

        return lines;
    }

    // A server that asks for rest is heeded, but not for longer than a person waits.
    private static async Task<CheckLine> TryAsync(ExchangeProbe probe, string mailbox, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var finding = (await probe.CheckAsync([mailbox], limit.Token))[0];
            return new CheckLine(finding.IsOk, Subject, $"{finding.Subject}: {finding.Sentence}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return CheckLine.Trouble(Subject, $"{mailbox}: Exchange has asked for rest or did not answer for two minutes; give the account a throttling policy of its own.");
        }
    }
}
