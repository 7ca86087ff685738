using System.Globalization;
using Relay.Client.Mail;
using Relay.Client.Services;
using Relay.Smtp.Client;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Client.Commands;

/// <summary>Says in one sentence, for somebody who meets the relay for the first time, what went wrong and what to do.</summary>
internal static class Sentences
{
    public static string Of<T>(ServiceResult<T> result) => result switch
    {
        ServiceResult<T>.Refused refused => Of(refused.Error),
        ServiceResult<T>.Failed failed => Of(failed.Answer),
        _ => "The request succeeded.",
    };

    public static string Of(EwsError error) => $"The relay refused: {error.MessageText} ({error.ResponseCode})";

    public static string Of(SoapFault fault) => $"The relay answered with a fault ({fault.Code}): {fault.Reason}";

    public static string Of(RelayAnswer answer) => answer switch
    {
        RelayAnswer.Answered => "The answer came.",
        RelayAnswer.Faulted { Fault: var fault } => Of(fault),
        RelayAnswer.NotSent { Outcome: var outcome } => Of(outcome),
        RelayAnswer.Bounced bounced => $"The request came back undelivered: {bounced.Reason}",
        RelayAnswer.Unreadable unreadable => $"An answer came, but it cannot be read: {unreadable.Reason}",
        RelayAnswer.NotAwaited sent => $"Sent as {sent.MessageId}; nobody here waits for the answer.",
        RelayAnswer.TimedOut late => string.Create(CultureInfo.InvariantCulture, $"No answer came within {late.After.TotalSeconds:0} s. ")
            + $"The relay has the request ({late.MessageId}): is its smarthost set to our --listen address?",
        _ => throw new ArgumentOutOfRangeException(nameof(answer)),
    };

    public static string Of(DeliveryOutcome outcome) => outcome switch
    {
        DeliveryOutcome.Delivered => "The mail was taken.",
        DeliveryOutcome.Deferred { Stage: DeliveryStage.Connect } away =>
            $"The relay cannot be reached ({away.Reason.TrimEnd('.')}). Is it running, and is --server right?",
        DeliveryOutcome.Deferred later => $"The relay cannot take the request now, at {later.Stage}: {later.Reason}",
        DeliveryOutcome.Refused refused => $"The relay does not take the request, at {refused.Stage}: {refused.Reply}",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };
}
