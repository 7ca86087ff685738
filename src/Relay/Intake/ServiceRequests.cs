using System.Security.Cryptography;
using Relay.Access;
using Relay.Operations;
using Relay.Store;
using Relay.Wire.Smtp;
using Relay.Wire.Soap;

namespace Relay.Intake;

/// <summary>
/// A mail to a service. 1 what must never be answered is recorded only; 2 access names the principal; 3 the envelope is found and read; 4 the
/// answer's address is chosen; 5 the operation plans; 6 the commit runs it, journals the answer and puts it in the outbox.
/// </summary>
internal sealed class ServiceRequests(
    IStore store,
    RequestIdentity identities,
    Confirmations confirmations,
    NeverAnswered neverAnswered,
    OperationCatalog catalog,
    AnswerComposer composer,
    InformationMails information,
    TimeProvider time)
{
    /// <summary>About four minutes of growing waits; then the requester learns that Exchange is away.</summary>
    private const int MostWaits = 12;

    public async Task<StepPlan> PlanAsync(IncomingMail mail, ServiceAddress service, CancellationToken cancellationToken)
    {
        var (reading, identity) = identities.Of(mail, service); // 2, and 3, which 1 needs too
        var principal = identity?.Principal ?? (mail.Sender is { } sender ? confirmations.Known(mail, reading, sender) : null);
        if (neverAnswered.Reason(mail, reading, principal) is { } reason) // 1
        {
            return StepPlan.Nothing($"recorded, not answered: {reason}");
        }

        if (mail.Sender is not { } asker)
        {
            return StepPlan.Nothing("recorded, not answered: it names no sender");
        }

        if (information.Plan(mail, service, asker, identity) is { } told)
        {
            return told;
        }

        if (principal is null)
        {
            return confirmations.Ask(mail, reading, service, asker) ?? Deny(mail, reading, service, asker, isProven: identity is not null);
        }

        var known = new KnownSender(mail, service, asker, principal);
        return reading switch
        {
            RequestReading.NoXml => information.Help(mail, service, asker, principal),
            RequestReading.Faulty faulty => Fault(known, faulty, faulty.Fault),
            RequestReading.Request request => await PlanAsync(known, request, identity?.ReplayId, cancellationToken),
            _ => throw new InvalidOperationException("The cases of RequestReading are closed."),
        };
    }

    /// <summary>One Server fault to the sender of a mail that we could not handle; nothing where none may be answered.</summary>
    public StepPlan.Commit? Apologise(IncomingMail mail, ServiceAddress service)
    {
        var reading = new RequestReading.NoXml(mail.Facts);
        var principal = identities.Of(mail)?.Principal;
        return principal is null || neverAnswered.Reason(mail, reading, principal) is not null
            ? null
            : Answer(
                AnswerFrame.Of(mail, reading, service, mail.Sender!, principal.Entry),
                new OperationAnswer.Fault(SoapFaults.Server("The request could not be handled; the operator has it.")),
                "set aside");
    }

    private async Task<StepPlan> PlanAsync(KnownSender known, RequestReading.Request reading, string? replayId, CancellationToken cancellationToken)
    {
        var (mail, service, asker, principal) = known;
        if (catalog.Find(service.Kind, reading.Body.Name) is not { } operation)
        {
            return Fault(known, reading, EwsFaults.UnknownOperation(reading.Body.Name.LocalName, catalog.NamesOf(service.Kind)));
        }

        if (!principal.Entry.MayCall(operation.Name))
        {
            return Fault(known, reading, EwsFaults.AccessDenied($"{operation.Name} is not allowed to {asker}."));
        }

        var key = operation.ChangesState && (replayId ?? mail.Facts.AnswersTo) is { } id
            ? new JournalKey(principal.Name, service.Address.ToString(), id, SHA256.HashData(reading.Mail.EnvelopeOctets.Span))
            : null;
        switch (AnswerAddress.Choose(principal.Entry, asker, mail.Facts, reading.Envelope.Addressing.ReplyTo)) // 4
        {
            case AnswerAddress.Refused refused:
                return Refuse(known, reading, refused);
            case AnswerAddress.Nobody:
                return await PlanAsync(known, reading, operation, Request(known, reading, asker), null, key, cancellationToken);
            case AnswerAddress.To to:
                var frame = AnswerFrame.Of(mail, reading, service, to.Address, principal.Entry);
                var request = Request(known, reading, to.Address) with { Reply = AnswerComposer.Keep(frame) };
                return await PlanAsync(known, reading, operation, request, frame, key, cancellationToken);
            default:
                throw new InvalidOperationException("The cases of AnswerAddress are closed.");
        }
    }

    private async Task<StepPlan> PlanAsync(
        KnownSender known, RequestReading.Request reading, IOperation operation, OperationRequest request, AnswerFrame? frame, JournalKey? key,
        CancellationToken cancellationToken)
    {
        if (key is not null && store.Read(transaction => transaction.Journal.Find(key)) is { } answered)
        {
            return new StepPlan.Commit(transaction => Repeat(transaction, answered));
        }

        return await operation.PlanAsync(request, cancellationToken) switch // 5
        {
            OperationPlan.Commit commit => new StepPlan.Commit(transaction => Run(transaction, commit, frame, key) with { Operation = operation.Name }),
            OperationPlan.Fault fault => Fault(known, reading, fault.Value),
            OperationPlan.TryLater later when known.Mail.Spooled.Attempts < MostWaits => new StepPlan.Wait(later.Reason),
            OperationPlan.TryLater later when frame is not null => Answer(frame, later.WhenGivenUp, $"given up: {later.Reason}"),
            OperationPlan.TryLater later => StepPlan.Nothing($"given up: {later.Reason}"),
            _ => throw new InvalidOperationException("The cases of OperationPlan are closed."),
        };
    }

    private StepOutcome Run(IStoreTransaction transaction, OperationPlan.Commit commit, AnswerFrame? frame, JournalKey? key) // 6
    {
        // Two copies of a request may be in the hands of two workers; only here is it certain that none was answered before.
        if (key is not null && transaction.Journal.Find(key) is { } answered)
        {
            return Repeat(transaction, answered);
        }

        var answer = commit.Run(transaction);
        var mail = frame is null ? null : composer.Compose(frame, answer);
        if (mail is not null)
        {
            transaction.Outbox.Add(mail with { SubscriptionId = answer.HoldsBack });
        }

        if (key is not null)
        {
            transaction.Journal.Add(
                key, mail?.Recipient ?? "", mail?.MessageId ?? "", mail?.Content ?? ReadOnlyMemory<byte>.Empty, time.GetUtcNow());
        }

        return new StepOutcome(Told(answer), answer.ChangedSubscription, mail?.MessageId) { Result = Result(answer) };
    }

    private StepOutcome Repeat(IStoreTransaction transaction, JournalEntry entry)
    {
        if (entry.Answer.IsEmpty)
        {
            return new StepOutcome("the same request again, which has no answer");
        }

        transaction.Outbox.Add(new NewOutboxMail(
            OutboxKind.Answer, null, entry.AnswerTo, entry.MessageId, entry.Answer, null, null, time.GetUtcNow()));
        return new StepOutcome("the same request again: the stored answer is sent again", LedTo: entry.MessageId) { Result = "answered" };
    }

    private StepPlan Deny(IncomingMail mail, RequestReading reading, ServiceAddress service, MailAddress asker, bool isProven) =>
        isProven
            ? Answer(
                AnswerFrame.Of(mail, reading, service, asker),
                new OperationAnswer.Fault(EwsFaults.AccessDenied($"{asker} may not use this service.")),
                $"denied to {asker}")
            : StepPlan.Nothing("denied: nothing proves its sender, so nobody is told"); // RFC 3834 §2: no mail to an address that may be forged

    private StepPlan Fault(KnownSender known, RequestReading reading, SoapFault fault) =>
        AnswerAddress.Choose(known.Principal.Entry, known.Asker, known.Mail.Facts, reading.KnownEnvelope?.Addressing.FaultTarget) switch
        {
            AnswerAddress.To to => Answer(
                AnswerFrame.Of(known.Mail, reading, known.Service, to.Address, known.Principal.Entry),
                new OperationAnswer.Fault(fault),
                $"fault: {fault.Reason}"),
            AnswerAddress.Nobody => StepPlan.Nothing($"fault, nobody to be told: {fault.Reason}"),
            AnswerAddress.Refused refused => Refuse(known, reading, refused),
            _ => throw new InvalidOperationException("The cases of AnswerAddress are closed."),
        };

    private StepPlan.Commit Refuse(KnownSender known, RequestReading reading, AnswerAddress.Refused refused) => Answer(
        AnswerFrame.Of(known.Mail, reading, known.Service, refused.Sender, known.Principal.Entry),
        new OperationAnswer.Fault(SoapFaults.Client(refused.Sentence)),
        refused.Sentence);

    private StepPlan.Commit Answer(AnswerFrame frame, OperationAnswer answer, string outcome)
    {
        var mail = composer.Compose(frame, answer);
        return new StepPlan.Commit(transaction =>
        {
            if (mail is not null)
            {
                transaction.Outbox.Add(mail);
            }

            return new StepOutcome(outcome, LedTo: mail?.MessageId) { Result = Result(answer) };
        });
    }

    private static OperationRequest Request(KnownSender known, RequestReading.Request reading, MailAddress answerTo) => new()
    {
        Principal = known.Principal,
        Service = known.Service.Address,
        Envelope = reading.Envelope,
        Body = reading.Body,
        AnswerTo = answerTo,
        RequestId = known.Mail.RequestId,
        InReplyTo = known.Mail.Facts.InReplyToRaw,
        ReceivedAt = known.Mail.Spooled.ReceivedAt,
    };

    private static string Result(OperationAnswer answer) => answer switch
    {
        OperationAnswer.Response => "answered",
        OperationAnswer.Fault => "fault",
        _ => "done",
    };

    private static string Told(OperationAnswer answer) => answer switch
    {
        OperationAnswer.Response response => response.Outcome,
        OperationAnswer.Fault fault => $"fault: {fault.Value.Reason}",
        OperationAnswer.None none => none.Outcome,
        _ => throw new InvalidOperationException("The cases of OperationAnswer are closed."),
    };

    /// <summary>A mail to a service from somebody who has been named.</summary>
    private sealed record KnownSender(IncomingMail Mail, ServiceAddress Service, MailAddress Asker, Principal Principal);
}
