using Relay.Wire.Smtp;

namespace Relay.Smtp.Client;

/// <summary>What became of one recipient. The three cases below are all there are.</summary>
public abstract record DeliveryOutcome
{
    private DeliveryOutcome()
    {
    }

    /// <summary>The server took responsibility (RFC 5321 §6.1).</summary>
    /// <param name="Reply">The 2yz after the final dot.</param>
    public sealed record Delivered(SmtpReply Reply) : DeliveryOutcome;

    /// <summary>Try again later: 4yz, or no reply at all.</summary>
    /// <param name="Stage">Where it ended. At <see cref="DeliveryStage.AfterFinalDot"/> without a reply the mail may have arrived.</param>
    /// <param name="Reply">Null where none came.</param>
    /// <param name="Reason">One sentence for a log.</param>
    public sealed record Deferred(DeliveryStage Stage, SmtpReply? Reply, string Reason) : DeliveryOutcome;

    /// <summary>5yz: this will not succeed unchanged (RFC 5321 §4.2.1).</summary>
    /// <param name="Stage">What was refused.</param>
    /// <param name="Reply">The refusal.</param>
    public sealed record Refused(DeliveryStage Stage, SmtpReply Reply) : DeliveryOutcome;

    /// <summary>The outcome of a reply that is not the one hoped for. RFC 5321 §4.2.1: what is neither 4yz nor 5yz here is a broken peer.</summary>
    internal static DeliveryOutcome Of(DeliveryStage stage, SmtpReply reply) =>
        reply.IsPermanent ? new Refused(stage, reply) : new Deferred(stage, reply, reply.ToString());
}
