using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Mime;

namespace Relay.Bounces;

/// <summary>Mail to <c>bounce+TOKEN</c>: reports on notifications, under a token made for "bounce", and on probes, under one made for "probe".</summary>
internal sealed class BounceMails(SubscriptionTokens tokens, EnvelopeIds envelopeIds, BounceBook book)
{
    public const string BouncePurpose = "bounce";
    public const string ProbePurpose = "probe";

    /// <summary>What is to be done with a mail to such an address, and with which subscription.</summary>
    /// <param name="token">Of the address.</param>
    /// <param name="mail">Null when it cannot be read.</param>
    /// <param name="isNullSender">It came from <c>&lt;&gt;</c>.</param>
    /// <param name="limits">What reading may cost.</param>
    /// <param name="now">When it came.</param>
    public (Func<IStoreTransaction, string> Run, long? Subscription) Plan(
        string token, MimeEntity? mail, bool isNullSender, MimeLimits limits, DateTimeOffset now)
    {
        bool isProbe = tokens.Read(token, ProbePurpose) is not null;
        if (tokens.Read(token, isProbe ? ProbePurpose : BouncePurpose) is not { } id)
        {
            return (_ => "ignored: a bounce token that we did not make", null);
        }

        if (mail is null || BounceReport.Read(mail, isNullSender, limits) is not { } report)
        {
            return (_ => $"recorded: to the return path of subscription {id}, but no report", null);
        }

        return (transaction => isProbe ? NoteProbe(transaction, id, report, now) : NoteMail(transaction, id, report, now), id);
    }

    private string NoteMail(IStoreTransaction transaction, long id, BounceReport report, DateTimeOffset now)
    {
        if (report.Kind is BounceKind.None or BounceKind.Arrived)
        {
            return $"recorded: a report on subscription {id} that is no failure: {report.Reason}";
        }

        return report.FindMail(transaction.Outbox, envelopeIds, id) is { Sequence: not null } mail
            ? book.NoteReturned(transaction, mail, report.Kind, report.Reason, now)
            : $"ignored: a report on a mail that subscription {id} was not sent";
    }

    private string NoteProbe(IStoreTransaction transaction, long id, BounceReport report, DateTimeOffset now)
    {
        if (transaction.Bounces.Find(id) is not { ProbeId: { } probe } record)
        {
            return $"ignored: no probe of subscription {id} is out";
        }

        bool isAboutIt = report.OriginalMessageId?.Trim() == probe
            || (report.OriginalMessageId is null && (report.OriginalEnvelopeId is not { } envelope || envelopeIds.Read(envelope.Trim()) == TextKey.Of(probe)));
        return isAboutIt ? book.NoteProbe(transaction, record, report.Kind, report.Reason, now) : $"ignored: a report on another mail than the probe of subscription {id}";
    }
}
