using Relay.Client.Mail;
using Relay.Client.Services;
using Relay.Smtp.Client;
using Relay.Wire.Ews;

namespace Relay.Client.Commands;

/// <summary>
/// Deals with what comes in until the user stops it or enough has come. Each notification goes through these steps: 1 what was lost
/// before it is fetched, 2 it is printed, 3 its watermark is kept, 4 it is acknowledged.
/// </summary>
/// <param name="session">Where it comes in.</param>
/// <param name="state">Keeps the watermarks; null forgets them.</param>
/// <param name="fetches">Whether step 1 is done, or left to the user.</param>
/// <param name="acknowledges">Whether step 4 is done.</param>
internal sealed class IncomingPrinter(Session session, WatermarkFile? state, bool fetches, bool acknowledges)
{
    /// <param name="count">Ends after so many notifications, heartbeats included.</param>
    /// <param name="cancellationToken">Ctrl-C, the usual end: it is no failure.</param>
    public async Task<int> RunAsync(int count, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (IncomingMail mail in session.Client.IncomingAsync(cancellationToken))
            {
                if (mail is not IncomingMail.Notification notification)
                {
                    session.Reporter.Result(IncomingView.Text(mail), IncomingView.Json(mail));
                }
                else
                {
                    await DealWithAsync(notification, cancellationToken);
                    if (--count == 0)
                    {
                        break;
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            session.Reporter.Hint("Stopped.");
        }
        return ExitCodes.Success;
    }

    private async Task DealWithAsync(IncomingMail.Notification notification, CancellationToken cancellationToken)
    {
        if (fetches && notification.Chain is ChainLink.Broken broken) // 1
        {
            await FetchAsync(notification.Content.SubscriptionId, broken, cancellationToken);
        }
        session.Reporter.Result(IncomingView.Text(notification), IncomingView.Json(notification), IncomingView.Picture(notification)); // 2
        if (notification.Content.LastWatermark() is { } watermark)
        {
            state?.Set(notification.Content.SubscriptionId, watermark); // 3
        }
        if (acknowledges) // 4
        {
            DeliveryOutcome outcome = await session.Ews.ReplyAsync(notification, SubscriptionStatus.OK, cancellationToken);
            if (outcome is not DeliveryOutcome.Delivered)
            {
                session.Reporter.Failure(Sentences.Of(outcome));
            }
        }
    }

    private async Task FetchAsync(string subscription, ChainLink.Broken broken, CancellationToken cancellationToken)
    {
        session.Reporter.Hint("A notification was lost; its events are fetched:");
        await foreach (ServiceResult<MailboxEvent> result in session.Ews.GetMissedAsync(subscription, broken, cancellationToken))
        {
            if (result is ServiceResult<MailboxEvent>.Success { Value: var one })
            {
                var fetched = new EwsNotification(subscription, null, null, [one]);
                session.Reporter.Result(NotificationView.Text(fetched), NotificationView.Json(fetched));
            }
            else
            {
                session.Reporter.Failure(Sentences.Of(result));
            }
        }
    }
}
