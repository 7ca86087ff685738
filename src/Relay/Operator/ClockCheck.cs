using System.Globalization;
using Relay.Exchange;

namespace Relay.Operator;

/// <summary>Holds our clock against the Date of Exchange's HTTP answers: retries, leases and signatures go wrong with a clock that does.</summary>
internal static class ClockCheck
{
    private const string Subject = "clock";
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static async Task<CheckLine> RunAsync(ExchangeOptions exchange, TimeProvider time, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(ExchangeHandlers.Create(exchange)) { Timeout = Patience };
        try
        {
            using var response = await http.GetAsync(exchange.Url, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.Headers.Date is { } theirs
                ? Judge(time.GetUtcNow() - theirs)
                : CheckLine.Ok(Subject, "Exchange tells no time to compare ours with");
        }
        catch (Exception exception) when (ExchangeHttp.IsNetworkTrouble(exception, cancellationToken))
        {
            return CheckLine.Ok(Subject, "not compared, since Exchange cannot be asked");
        }
    }

    internal static CheckLine Judge(TimeSpan ahead)
    {
        string skew = string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(ahead.TotalSeconds):0} seconds {(ahead < TimeSpan.Zero ? "behind" : "ahead of")} Exchange's");
        return ahead.Duration() > MostSkew
            ? CheckLine.Trouble(Subject, $"it is {skew}; set the clock of whichever is wrong, best by NTP.")
            : CheckLine.Ok(Subject, $"it is {skew}");
    }
}
