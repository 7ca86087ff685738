using System.Net;
using Relay.Access;
using Relay.Smtp.Server;
using Relay.Wire.Smtp;

namespace Relay.Inbound;

/// <summary>How many mails a minute one client may begin, and one principal as far as the dialogue knows it.</summary>
/// <remarks>
/// <para>A mail counts from the 250 to its MAIL, even if it never comes: a client that sends all but the last dot costs us as much, and one that says
/// MAIL and RSET to try out recipients should be slowed as well. A MAIL that is refused, for whatever reason, counts nothing.</para>
/// <para>A front that has not said for whom it speaks counts as nobody: it hands in the mail of many. Neither does a client on this machine.</para>
/// <para>451, as RFC 5321 §4.2.3 has 452 for a lack of storage alone and 450 for mailboxes. The status is X.7.0: RFC 3463 §3.8 calls X.7.1 useful only as
/// a permanent error.</para>
/// </remarks>
/// <param name="perClient">Mails a minute of one client; 0 sets no limit.</param>
/// <param name="access">Tells principals.</param>
/// <param name="meters">Counts what is refused.</param>
/// <param name="time">Fills the buckets.</param>
internal sealed class MailRates(int perClient, AccessPolicy access, InboundMeters meters, TimeProvider time)
{
    /// <summary>Clients, about 1 MB; and principals, up to 8 MB where their names are as long as can be.</summary>
    private const int MostRemembered = 10_000;

    private static readonly SmtpReply TooManyOfClient = SmtpReplies.Make(451, 4, 7, 0, "too many mails from your network, come again later");
    private static readonly SmtpReply TooManyOfPrincipal = SmtpReplies.Make(451, 4, 7, 0, "too many mails from this address, come again later");

    private readonly TokenBuckets<ClientNetwork> _clients = new(MostRemembered, time);
    private readonly TokenBuckets<string> _principals = new(MostRemembered, time);

    /// <summary>Null when the mail may begin, which is counted.</summary>
    /// <param name="client">Who hands it in.</param>
    /// <param name="sender">The reverse-path; null of a report, which counts for its client alone.</param>
    public SmtpReply? Refusal(SmtpClientInfo client, MailAddress? sender)
    {
        bool isLimited = perClient > 0 && !client.IsFront && !IPAddress.IsLoopback(client.Address);
        var network = ClientNetwork.Of(client.Address);
        if (isLimited && !_clients.TryTake(network, perClient))
        {
            meters.OverRate("client");
            return TooManyOfClient;
        }

        if (sender is null || access.LimitedSender(Origins.Of(client), sender) is not { } principal
            || _principals.TryTake(principal.Name, principal.Entry.MailsPerMinute))
        {
            return null;
        }

        if (isLimited)
        {
            _clients.GiveBack(network, perClient);
        }

        meters.OverRate("principal");
        return TooManyOfPrincipal;
    }
}
