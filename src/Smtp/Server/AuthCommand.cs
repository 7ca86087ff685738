using System.Text;
using Relay.Smtp.Authentication;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>AUTH: who the client is (RFC 4954 §4).</summary>
internal static class AuthCommand
{
    /// <summary>In the order announced.</summary>
    public static readonly IReadOnlyList<string> Mechanisms = ["SCRAM-SHA-256", "PLAIN", "LOGIN"];

    private static readonly SmtpReply Accepted = SmtpReplies.Make(235, 2, 7, 0, "authenticated");
    private static readonly SmtpReply Wrong = SmtpReplies.Make(535, 5, 7, 8, "account or password wrong");
    private static readonly SmtpReply NeedsTls = SmtpReplies.Make(538, 5, 7, 11, "say STARTTLS first");
    private static readonly SmtpReply Unknown = SmtpReplies.Make(504, 5, 5, 4, "mechanism not known");
    private static readonly SmtpReply Later = SmtpReplies.Make(454, 4, 7, 0, "cannot check this now, try again later");
    private static readonly SmtpReply LockedOut = SmtpReplies.Make(454, 4, 7, 0, "too many failures, try again later");
    private static readonly SmtpReply TooManyFailures = SmtpReplies.TooManyErrors with { Text = "too many failed AUTHs" };

    /// <summary>Null where the client has gone.</summary>
    public static async ValueTask<SmtpReply?> ExecuteAsync(SessionContext session, SmtpCommand.Authenticate command, CancellationToken ct)
    {
        if (Refusal(session) is { } refusal)
        {
            return refusal;
        }

        if (session.Channel.HasUnreadInput())
        {
            return SaslDialogue.OctetsBehind;
        }

        var dialogue = new SaslDialogue(session, command.InitialResponse);
        SmtpReply? reply;
        try
        {
            reply = command.Mechanism switch
            {
                "PLAIN" => await PlainAsync(session, dialogue, ct),
                "LOGIN" => await LoginAsync(session, dialogue, ct),
                "SCRAM-SHA-256" => await ScramAsync(session, dialogue, ct),
                _ => Unknown,
            };
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is not ConnectionLostException)
        {
            ServerLog.HandlerFailed(session.Log, e, session.SessionId, "AUTH");
            return Later;
        }

        return reply == Wrong || reply == LockedOut ? await PunishAsync(session, reply, ct) : reply ?? dialogue.Failure;
    }

    private static SmtpReply? Refusal(SessionContext session)
    {
        var client = session.State.Client;
        return session.Options.Authenticator is null ? SmtpReplies.NotImplemented
            : client.Account is not null ? SmtpReplies.BadSequence("already authenticated")
            : (session.Offered & SmtpExtensions.Auth) != 0 ? null
            : client.IsTls || session.Options.AllowAuthInTheClear ? SmtpReplies.NotImplemented
            : NeedsTls;
    }

    // RFC 4616 §2: authzid NUL authcid NUL passwd.
    private static async ValueTask<SmtpReply?> PlainAsync(SessionContext session, SaslDialogue dialogue, CancellationToken ct)
    {
        if (await dialogue.AskAsync("", ct) is not { } message)
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(message).Split('\0');
        // An identity to act as, other than one's own, is not to be had.
        return parts.Length == 3 && parts[1].Length > 0 && (parts[0].Length == 0 || parts[0] == parts[1])
            ? await CheckAsync(session, parts[1], parts[2], ct)
            : parts.Length == 3 ? Wrong : SaslDialogue.BadResponse;
    }

    private static async ValueTask<SmtpReply?> LoginAsync(SessionContext session, SaslDialogue dialogue, CancellationToken ct) =>
        await dialogue.AskAsync("Username:", ct) is { } account && await dialogue.AskAsync("Password:", ct) is { } password
            ? await CheckAsync(session, Encoding.UTF8.GetString(account), Encoding.UTF8.GetString(password), ct)
            : null;

    private static async ValueTask<SmtpReply> CheckAsync(SessionContext session, string account, string password, CancellationToken ct)
    {
        var accounts = session.Options.Authenticator!;
        await LeaveAsync(accounts);
        if (!accounts.MayTry(session.State.Client, account))
        {
            return LockedOut;
        }

        return Conclude(session, account, await accounts.CheckPasswordAsync(session.State.Client, account, password, ct));
    }

    private static async ValueTask<SmtpReply?> ScramAsync(SessionContext session, SaslDialogue dialogue, CancellationToken ct)
    {
        if (await dialogue.AskAsync("", ct) is not { } first)
        {
            return null;
        }

        if (!ScramServerExchange.TryBegin(Encoding.UTF8.GetString(first), out var exchange))
        {
            return SaslDialogue.BadResponse;
        }

        await LeaveAsync(session.Options.Authenticator!);
        if (!session.Options.Authenticator!.MayTry(session.State.Client, exchange.Account))
        {
            return LockedOut;
        }

        var credentials = await session.Options.Authenticator!.FindScramAsync(session.State.Client, exchange.Account, ct);
        var challenge = exchange.Challenge(credentials ?? session.Options.Decoys.For(exchange.Account), session.Options.NewId());
        if (await dialogue.AskAsync(challenge, ct) is not { } final)
        {
            return null;
        }

        if (!exchange.TryFinish(Encoding.UTF8.GetString(final), out var proof) || credentials is null)
        {
            return Conclude(session, exchange.Account, isProven: false);
        }

        // RFC 4954 §4: success carries no data, so our proof goes as one more challenge, answered by an empty line.
        if (await dialogue.AskAsync(proof, ct) is null)
        {
            return null;
        }

        return Conclude(session, exchange.Account, isProven: true);
    }

    // Checking a password takes milliseconds, and the thread that reads for this session reads for others too.
    private static async ValueTask LeaveAsync(ISmtpAuthenticator accounts)
    {
        if (accounts.TakesLong)
        {
            await Task.Yield();
        }
    }

    private static SmtpReply Conclude(SessionContext session, string account, bool isProven)
    {
        session.Options.Authenticator!.Tell(session.State.Client, account, isProven);
        if (!isProven)
        {
            return Wrong;
        }

        session.State.Authenticate(account);
        return Accepted;
    }

    private static async ValueTask<SmtpReply> PunishAsync(SessionContext session, SmtpReply reply, CancellationToken ct)
    {
        await session.Channel.DelayAsync(session.Limits.ErrorDelay, session.Time, ct);
        return ++session.State.AuthFailures >= session.Limits.AuthFailures ? TooManyFailures : reply;
    }
}
