using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>XCLIENT, Postfix's extension: a listed proxy says on whose behalf it speaks, and the session begins anew for that client.</summary>
internal static class XclientCommand
{
    /// <summary>What is announced, and so what is honoured.</summary>
    public const string Attributes = "NAME ADDR PORT PROTO HELO LOGIN";

    public static async ValueTask<SmtpReply> ExecuteAsync(SessionContext session, XclientAttributes attributes)
    {
        await session.State.ImpersonateAsync(attributes);
        var client = session.State.Client.Address;
        session.Channel.Trace.Client = client;
        // The proxy's place becomes its client's: limits are for those who send, not for who hands on.
        return session.Place.MoveTo(client) ?? session.Greeting;
    }
}
