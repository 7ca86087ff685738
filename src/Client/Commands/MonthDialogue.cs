namespace Relay.Client.Commands;

/// <summary>Asks a person for months until Return; requests go out at once, and results are printed as they come, in any order.</summary>
internal sealed class MonthDialogue(Session session)
{
    /// <returns>Success once every request was answered, failure if one was not.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var requests = new List<Task<int>>();
        while (await session.Reporter.AskAsync("Year of request (Return to exit): ", cancellationToken) is { Length: > 0 } year
            && await session.Reporter.AskAsync("Month of request: ", cancellationToken) is { } month)
        {
            if (MonthCommand.TryRead(year, month, out (int Year, int Month) wanted))
            {
                requests.Add(MonthCommand.AskOnceAsync(session, wanted, cancellationToken));
            }
            else
            {
                session.Reporter.Failure("A year from 1 to 9999 and a month from 1 to 12, please.");
            }
        }
        // What was asked is still answered: input that comes from a file ends before the first answer is there.
        int[] codes = await Task.WhenAll(requests);
        return codes.DefaultIfEmpty(ExitCodes.Success).Max();
    }
}
