using Relay.Client.Mail;

namespace Relay.Client.Commands;

/// <summary>Prints what comes in until the user stops it or enough has come.</summary>
internal sealed class IncomingPrinter(Session session)
{
    /// <param name="count">Ends after so many notifications, heartbeats included.</param>
    /// <param name="cancellationToken">Ctrl-C, the usual end: it is no failure.</param>
    public async Task<int> RunAsync(int count, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (IncomingMail mail in session.Client.IncomingAsync(cancellationToken))
            {
                session.Reporter.Result(IncomingView.Text(mail), IncomingView.Json(mail));
                if (mail is IncomingMail.Notification && --count == 0)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            session.Reporter.Hint("Stopped.");
        }
        return ExitCodes.Success;
    }
}
