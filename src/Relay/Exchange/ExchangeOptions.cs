namespace Relay.Exchange;

/// <summary>Section <c>Relay:Exchange</c>. <see cref="ExchangeSettings"/> holds the ranges.</summary>
internal sealed class ExchangeOptions
{
    internal const string Section = "Relay:Exchange";

    /// <summary>Address of the EWS endpoint, <c>https://mail.example/EWS/Exchange.asmx</c>. Null: the embedded simulator.</summary>
    public Uri? Url { get; set; }

    /// <summary>The account that may see the mailboxes; <c>DOMAIN\user</c> or a user principal name.</summary>
    public string? UserName { get; set; }

    public string? Password { get; set; }

    public ExchangeAuth Auth { get; set; }

    /// <summary>With <see cref="ExchangeAuth.OAuth"/>.</summary>
    public OAuthOptions OAuth { get; set; } = new();

    public ExchangeMode Mode { get; set; }

    /// <summary>
    /// Acts as the owner of each mailbox (ApplicationImpersonation, or full_access_as_app). Without it only the account's own mailbox can be
    /// watched as a whole, because a subscription to all folders names no mailbox.
    /// </summary>
    public bool Impersonate { get; set; } = true;

    /// <summary>RequestServerVersion of every request. The default is the oldest version that knows all that is used.</summary>
    public string ServerVersion { get; set; } = "Exchange2013_SP1";

    /// <summary>PEM file of authorities that are trusted for this server alone, for a certificate of a private CA. Null: those of the system.</summary>
    public string? TrustedCertificates { get; set; }

    /// <summary>From a request to the end of its answer, streams excepted. 1 s to 10 min; Exchange itself ends a batch after a minute.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>
    /// How long a stream may be silent before it counts as dead. 1 s to 10 min; 90 s as the official client has it, two heartbeats.
    /// </summary>
    public TimeSpan SilenceLimit { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>ConnectionTimeout of a stream in minutes, 1 to 30; the schema allows no more.</summary>
    public int ConnectionMinutes { get; set; } = 30;

    /// <summary>Mailboxes that share one stream, 1 to 200; Exchange's guidance is no more than 200.</summary>
    public int MailboxesPerConnection { get; set; } = 200;

    /// <summary>Requests under way at once, streams excepted, 1 to 27. Exchange Online takes five syncs at once and 27 requests.</summary>
    public int ConcurrentRequests { get; set; } = 4;

    /// <summary>Pull: the interval while there are events, 100 ms to <see cref="PullSlowest"/>.</summary>
    public TimeSpan PullFastest { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Pull: the interval that a quiet mailbox comes to, at most an hour.</summary>
    public TimeSpan PullSlowest { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Pull: idle minutes after which Exchange drops the subscription, 1 to 1440; the schema allows no more.</summary>
    public int PullTimeoutMinutes { get; set; } = 120;

    /// <summary>
    /// Push: where Exchange reaches the relay, http or https, below 2083 characters. Whoever knows it can push: let its path hold a long word
    /// that nobody guesses.
    /// </summary>
    public Uri? PushUrl { get; set; }

    /// <summary>Push: StatusFrequency in minutes, 1 to 1440; the period of the heartbeats and the time that a relay that is down has left.</summary>
    public int PushStatusMinutes { get; set; } = 10;

    /// <summary>How long a minute of Exchange takes; no setting, only for tests against a server whose time runs faster.</summary>
    internal TimeSpan Minute { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Changes asked for in one page of SyncFolderItems, 1 to 512.</summary>
    public int SyncPageSize { get; set; } = 512;

    /// <summary>
    /// How long after an event a mailbox's sync states are moved forward beside its subscription, so that a later catch-up has less to compare,
    /// and how long Exchange may take from a change to the queued event; 3 s to an hour. The documentation advises to wait a few seconds.
    /// </summary>
    public TimeSpan SettleAfter { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>That is done no more often than this for one mailbox; 0 to a day.</summary>
    public TimeSpan SettleEvery { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The first wait after a failure, 10 ms to <see cref="LastRetry"/>; it doubles from there.</summary>
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two attempts, at most an hour.</summary>
    public TimeSpan LastRetry { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The longest answer and the longest envelope of a stream taken, in octets; 64 KiB to 256 MiB.</summary>
    public int MaxAnswerBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>
    /// The longest answer of Exchange that is passed on to a subscriber, in octets of XML, 64 KiB to 64 MiB: what mail servers on the way take, and a
    /// third more for its encoding.
    /// </summary>
    public int LargestPassedAnswer { get; set; } = 7 * 1024 * 1024;

    /// <summary>Binary content of more than this in one answer goes out as MTOM parts, in octets of base64; 0 to 64 MiB.</summary>
    public int PartsAbove { get; set; } = 256 * 1024;
}
