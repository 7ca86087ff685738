using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.Store;

namespace Relay.Intake;

/// <summary>
/// Spool → answers. 1 claims mails; 2 hands them to a few handlers, so that one that waits for Exchange holds up nobody; 3 a handler reads,
/// judges and plans, then commits everything at once (<see cref="MailHandling"/>); 4 waits for the bell, or until something is due again.
/// </summary>
/// <remarks>
/// Failure policy. Exchange cannot be asked: the mail waits in the spool and is tried again, then answered with an error. An unexpected failure:
/// tried again with growing waits; after <see cref="MostAttempts"/> attempts the mail is set aside for the operator and its sender gets one
/// Server fault, in the same transaction, and no other however often the operator has it tried again. A crash: the claim is
/// released at the next start, or runs out, and is no attempt (<see cref="CrashSuspects"/>). Settling is not cancelled by shutdown.
/// </remarks>
internal sealed class IntakeWorker(IStore store, MailHandling handling, TimeProvider time, ILogger<IntakeWorker> logger) : BackgroundService
{
    private const int ClaimedAtOnce = 64;
    private const int Handlers = 32;
    private const int MostAttempts = 6;
    private const double LongestWaitForStore = 60; // seconds
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var claimed = Channel.CreateBounded<SpooledMail>(ClaimedAtOnce);
        var handlers = Enumerable.Range(0, Handlers).Select(_ => HandleAsync(claimed.Reader, stoppingToken)).ToList();
        try
        {
            var claimer = new Claimer<SpooledMail>(
                store,
                store.Bells.Spool,
                transaction => transaction.Spool.Claim(ClaimedAtOnce, time.GetUtcNow(), Lease),
                () => TimeSpan.Zero,
                time,
                logger);
            await claimer.RunAsync(claimed.Writer, stoppingToken); // 1, 2, 4
        }
        finally
        {
            claimed.Writer.Complete();
            await Task.WhenAll(handlers);
        }
    }

    private async Task HandleAsync(ChannelReader<SpooledMail> mails, CancellationToken stoppingToken)
    {
        await foreach (var mail in mails.ReadAllAsync(CancellationToken.None))
        {
            await HandleOrLeaveAsync(mail, stoppingToken); // 3
        }
    }

    // Whatever it is, the handler goes on: there are only so many.
    private async Task HandleOrLeaveAsync(SpooledMail mail, CancellationToken stoppingToken)
    {
        try
        {
            await HandleAsync(mail, stoppingToken);
        }
        catch (Exception exception)
        {
            IntakeLog.NotSettled(logger, mail.MailId, exception);
        }
    }

    private async Task HandleAsync(SpooledMail mail, CancellationToken stoppingToken)
    {
        try
        {
            stoppingToken.ThrowIfCancellationRequested();
            if (mail.CutsLeft <= 0)
            {
                // If even the apology is its end, there is none the next time.
                await SetAsideAsync(mail, CrashSuspects.Note(mail.Cuts), mail.CutsLeft == 0, stoppingToken);
                return;
            }

            await handling.RunAsync(mail, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            IntakeLog.LeftForNextStart(logger, mail.MailId);
            await SettleAsync(mail, transaction => transaction.Spool.PutBack(mail.Id), stoppingToken);
        }
        catch (ClaimLostException)
        {
            IntakeLog.ClaimLost(logger, mail.MailId);
        }
        catch (StoreUnavailableException exception)
        {
            IntakeLog.StoreUnavailable(logger, exception.Fault, exception);
            await SettleAsync(mail, t => t.Spool.Release(mail.Id, time.GetUtcNow() + WaitForStore(mail), exception.Message), stoppingToken);
        }
        catch (Exception exception)
        {
            IntakeLog.Failed(logger, mail.MailId, mail.Attempts, exception);
            await FailAsync(mail, exception, stoppingToken);
        }
    }

    // A store that has no room for this mail's answer may have it for the release.
    private static TimeSpan WaitForStore(SpooledMail mail) =>
        TimeSpan.FromSeconds(Math.Min(Math.Pow(2, Math.Min(mail.Attempts, 10)), LongestWaitForStore));

    private async Task FailAsync(SpooledMail mail, Exception exception, CancellationToken stoppingToken)
    {
        string note = $"{exception.GetType().Name}: {exception.Message}";
        if (mail.Attempts < MostAttempts)
        {
            var notBefore = time.GetUtcNow() + TimeSpan.FromSeconds(Math.Pow(2, mail.Attempts));
            await SettleAsync(mail, transaction => transaction.Spool.Release(mail.Id, notBefore, note), stoppingToken);
            return;
        }

        await SetAsideAsync(mail, note, isSenderTold: true, stoppingToken);
    }

    private async Task SetAsideAsync(SpooledMail mail, string note, bool isSenderTold, CancellationToken stoppingToken)
    {
        IntakeLog.SetAside(logger, mail.MailId, note);
        try
        {
            var apology = isSenderTold ? handling.Apology(mail) : null;
            await SettleAsync(
                mail,
                transaction =>
                {
                    bool isAside = transaction.Spool.SetAside(mail.Id, note);
                    apology?.Invoke(transaction);
                    return isAside;
                },
                stoppingToken);
        }
        catch (StoreUnavailableException exception)
        {
            // Its sender shall still be told: the next attempt is as good.
            IntakeLog.StoreUnavailable(logger, exception.Fault, exception);
            await SettleAsync(mail, transaction => transaction.Spool.Release(mail.Id, time.GetUtcNow(), note), stoppingToken);
        }
        catch (Exception again)
        {
            // What it cannot survive is being read, or being answered: it is with the operator all the same.
            IntakeLog.NotApologised(logger, mail.MailId, again);
            await SettleAsync(mail, transaction => transaction.Spool.SetAside(mail.Id, note), stoppingToken);
        }
    }

    private async Task SettleAsync(SpooledMail mail, Func<IStoreTransaction, bool> work, CancellationToken stoppingToken)
    {
        try
        {
            await store.SettleAsync(work, time, logger, stoppingToken);
        }
        catch (StoreUnavailableException exception)
        {
            IntakeLog.LeftForNextStart(logger, mail.MailId);
            IntakeLog.StoreUnavailable(logger, exception.Fault, exception);
        }
    }
}
