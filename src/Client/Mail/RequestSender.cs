using Relay.Smtp.Client;
using Relay.Wire.Soap;

namespace Relay.Client.Mail;

/// <summary>Makes a mail of a request and hands it to the relay's server, a connection a mail.</summary>
internal sealed class RequestSender(RelayMailOptions options, TimeProvider time)
{
    /// <returns>What the server said about our one recipient, or the stage at which it could not be reached.</returns>
    public async Task<DeliveryOutcome> SendAsync(string messageId, RelayRequest request, CancellationToken cancellationToken)
    {
        switch (await SmtpConnection.ConnectAsync(options.Server, time, cancellationToken))
        {
            case SmtpConnectResult.Connected connected:
                await using (SmtpConnection connection = connected.Connection)
                {
                    var envelope = new MailEnvelope(options.From, [request.To]);
                    DeliveryOutcome outcome = (await connection.SendAsync(envelope, Compose(messageId, request), cancellationToken))[0];
                    await connection.QuitAsync(cancellationToken);
                    return outcome;
                }
            case SmtpConnectResult.Failed failed:
                return failed.Outcome;
            default:
                throw new InvalidOperationException("A connection is made or it is not.");
        }
    }

    private byte[] Compose(string messageId, RelayRequest request) => MailBinding.Compose(new SoapMail
    {
        From = options.From,
        To = request.To,
        Subject = request.Subject,
        MessageId = messageId,
        Date = time.GetLocalNow(),
        InReplyTo = request.InReplyTo,
        // RFC 3834 §5: an acknowledgement is an automatic reply; a request is not, or nobody would answer it.
        AutoSubmitted = request.InReplyTo is null ? "no" : "auto-replied",
        Layout = SoapLayout.Flat,
        MediaType = "text/xml",
        Envelope = request.Envelope,
    });
}
