using Relay.Wire.Smtp;

namespace Relay.Smtp.Client;

/// <summary>A reply, or why there is none.</summary>
/// <param name="Reply">Null when the connection is of no more use.</param>
/// <param name="Fault">A sentence where there is no reply.</param>
internal readonly record struct ServerAnswer(SmtpReply? Reply, string Fault)
{
    /// <summary>The outcome for whoever waited for this answer and did not get what it hoped for.</summary>
    public DeliveryOutcome ToOutcome(DeliveryStage stage) =>
        Reply is null ? new DeliveryOutcome.Deferred(stage, null, Fault) : DeliveryOutcome.Of(stage, Reply);
}
