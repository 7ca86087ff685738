using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>STARTTLS (RFC 3207 §4).</summary>
internal static class StartTlsCommand
{
    /// <summary>Null once the session is encrypted: the client is the next to speak.</summary>
    public static async ValueTask<SmtpReply?> ExecuteAsync(SessionContext session, CancellationToken ct)
    {
        if ((session.Offered & SmtpExtensions.StartTls) == 0)
        {
            return session.State.Client.IsTls ? SmtpReplies.BadSequence("TLS is already on") : SmtpReplies.NotImplemented;
        }

        // RFC 3207 §4: STARTTLS is the last of a group. Octets behind it were put there by somebody who cannot see what
        // follows under TLS, and would be taken for the client's own (CVE-2011-0411).
        if (session.Channel.HasUnreadInput())
        {
            return SmtpReplies.BadSequence("octets behind STARTTLS") with { ClosesConnection = true };
        }

        // A stop that comes from now on cancels a read of the handshake.
        if (session.Channel.IsStopping)
        {
            return SmtpReplies.ShuttingDown;
        }

        session.Channel.Write(SmtpReplies.Make(220, 2, 0, 0, "go ahead"));
        session.Channel.Deadline.Set(session.Limits.HandshakeTimeout);
        await session.Channel.FlushAsync(ct);
        await EncryptAsync(session, ct);
        return null;
    }

    /// <summary>Shakes hands and forgets what was said in the clear (RFC 3207 §4.2).</summary>
    /// <exception cref="ConnectionLostException">There is no TLS, be it the client's fault or ours: what follows would be in the clear where TLS is awaited.</exception>
    public static async ValueTask EncryptAsync(SessionContext session, CancellationToken ct)
    {
        session.Channel.Deadline.Set(session.Limits.HandshakeTimeout);
        try
        {
            session.Channel.Encrypt(await TlsTransport.AcceptAsync(session.Channel.Transport, session.Options.Identity.Context, ct));
        }
        catch (Exception e) when (e is not ConnectionLostException && !ct.IsCancellationRequested)
        {
            ServerLog.HandshakeFailed(session.Log, e, session.SessionId);
            throw new ConnectionLostException($"no TLS: {e.Message}", e);
        }

        session.State.Encrypt();
    }
}
