using System.Security.Cryptography;
using System.Text;
using Relay.Smtp.Authentication;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Client;

/// <summary>AUTH from the client's side, with the strongest mechanism that both know (RFC 4954 §4).</summary>
internal sealed class ClientAuthentication(ReplyChannel channel, SmtpClientOptions options)
{
    /// <summary>Null once authenticated. A refusal is deferred: what is wrong is our account, and no mail should be lost for that.</summary>
    public async Task<DeliveryOutcome?> RunAsync(string userName, SmtpCapabilities capabilities, bool isTls, CancellationToken ct)
    {
        var mayShow = isTls || options.AllowPasswordInTheClear;
        bool Offers(string mechanism) => capabilities.AuthMechanisms.Contains(mechanism);
        var answer = options.AccessToken is { } token && mayShow && Offers("XOAUTH2") ? await TokenAsync(userName, token, ct)
            : options.Password is not { } password ? new ServerAnswer(null, "no password is set, and the server takes no access token here")
            : Offers("SCRAM-SHA-256") ? await ScramAsync(userName, password, ct)
            : !mayShow ? new ServerAnswer(null, "the password would go in the clear")
            : Offers("PLAIN") ? await AskAsync($"AUTH PLAIN {SaslText.Encode($"\0{userName}\0{password}")}", ct)
            : Offers("LOGIN") ? await LoginAsync(userName, password, ct)
            : new ServerAnswer(null, "the server offers no AUTH that is known here");
        return answer.Reply is { Code: 235 }
            ? null
            : new DeliveryOutcome.Deferred(DeliveryStage.Auth, answer.Reply, answer.Reply?.ToString() ?? answer.Fault);
    }

    private ValueTask<ServerAnswer> AskAsync(string line, CancellationToken ct) => channel.AskAsync(line, options.CommandTimeout, ct);

    private async ValueTask<ServerAnswer> LoginAsync(string userName, string password, CancellationToken ct)
    {
        var answer = await AskAsync("AUTH LOGIN", ct);
        answer = answer.Reply is { Code: 334 } ? await AskAsync(SaslText.Encode(userName), ct) : answer;
        return answer.Reply is { Code: 334 } ? await AskAsync(SaslText.Encode(password), ct) : answer;
    }

    private async ValueTask<ServerAnswer> ScramAsync(string userName, string password, CancellationToken ct)
    {
        var exchange = new ScramClientExchange(userName, password, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        var challenge = await AskAsync($"AUTH SCRAM-SHA-256 {SaslText.Encode(exchange.Begin())}", ct);
        if (challenge.Reply is not { Code: 334 })
        {
            return challenge;
        }

        if (!SaslText.TryDecode(challenge.Reply.Text, out var first) || !exchange.TryAnswer(Encoding.UTF8.GetString(first), out var response))
        {
            return await CancelAsync("the server's SCRAM challenge is wrong", ct);
        }

        var proof = await AskAsync(SaslText.Encode(response), ct);
        if (proof.Reply is not { Code: 334 })
        {
            // A server that says 235 without its proof has not shown that it knows the password.
            return proof.Reply is { Code: 235 } ? new ServerAnswer(null, "the server did not prove itself") : proof;
        }

        return SaslText.TryDecode(proof.Reply.Text, out var final) && exchange.IsServersProof(Encoding.UTF8.GetString(final))
            ? await AskAsync("", ct)
            : await CancelAsync("the server does not know the password", ct);
    }

    private async ValueTask<ServerAnswer> TokenAsync(string userName, string token, CancellationToken ct)
    {
        var answer = await AskAsync($"AUTH XOAUTH2 {SaslText.Encode($"user={userName}\u0001auth=Bearer {token}\u0001\u0001")}", ct);
        // A refused token comes as a challenge with the reason in it; an empty line gets the reply.
        return answer.Reply is { Code: 334 } ? await AskAsync("", ct) : answer;
    }

    // RFC 4954 §4: "*" ends the exchange.
    private async ValueTask<ServerAnswer> CancelAsync(string fault, CancellationToken ct)
    {
        await AskAsync("*", ct);
        return new ServerAnswer(null, fault);
    }
}
