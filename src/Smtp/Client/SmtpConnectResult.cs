namespace Relay.Smtp.Client;

/// <summary>How connecting went. The two cases below are all there are.</summary>
public abstract record SmtpConnectResult
{
    private SmtpConnectResult()
    {
    }

    /// <summary>Greeted, encrypted and authenticated as asked.</summary>
    public sealed record Connected(SmtpConnection Connection) : SmtpConnectResult;

    /// <summary>What every mail for this host would come to; never <see cref="DeliveryOutcome.Delivered"/>.</summary>
    public sealed record Failed(DeliveryOutcome Outcome) : SmtpConnectResult;
}
