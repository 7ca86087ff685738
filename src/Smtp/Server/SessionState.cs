using System.Net;
using Relay.Wire.Smtp;

namespace Relay.Smtp.Server;

/// <summary>What a session remembers between commands. Used by its own session only.</summary>
/// <param name="address">Where it came from, or whom a PROXY header named.</param>
/// <param name="protocol">What its listener speaks.</param>
/// <param name="isFront">As in <see cref="SmtpClientInfo"/>, until the front says for whom it speaks.</param>
internal sealed class SessionState(IPAddress address, SmtpProtocol protocol, bool isFront = false)
{
    private readonly List<RecipientParameters> _recipients = [];

    private bool _isImpersonating;

    /// <summary>Where the session came from, before anything was said about it.</summary>
    public IPAddress Peer => address;

    /// <summary>Who the client is, so far.</summary>
    public SmtpClientInfo Client { get; private set; } = new(address, null, false, null, protocol, IsFront: isFront);

    /// <summary>EHLO or LHLO rather than HELO.</summary>
    public bool IsExtended { get; private set; }

    public SessionPhase Phase { get; private set; }

    /// <summary>The MAIL under way; null outside a mail.</summary>
    public MailParameters? Mail { get; private set; }

    public IReadOnlyList<RecipientParameters> Recipients => _recipients;

    /// <summary>The mail that comes in chunks, between one BDAT and the next.</summary>
    public ChunkedMail? Chunks { get; private set; }

    /// <summary>There are accounts, as far as this session is told.</summary>
    public bool HasAccounts { get; set; }

    /// <summary>Failed AUTHs of this session.</summary>
    public int AuthFailures { get; set; }

    /// <summary>Refused commands since the last accepted mail.</summary>
    public int Errors { get; set; }

    /// <summary>Commands since the last accepted mail.</summary>
    public int Commands { get; set; }

    public async ValueTask GreetAsync(string name, bool isExtended)
    {
        Client = Client with { HelloName = name };
        IsExtended = isExtended;
        await EndMailAsync();
    }

    /// <summary>RFC 3207 §4.2: under TLS the session begins anew, and nothing learnt before counts.</summary>
    public void Encrypt()
    {
        Client = Client with { HelloName = null, IsTls = true, Account = null };
        Phase = SessionPhase.Greeted;
    }

    public void Authenticate(string account) => Client = Client with { Account = account };

    /// <summary>
    /// The session begins anew for the client that a proxy names. Said again, it adds to what was said before; what the proxy proved of itself is
    /// not its client's.
    /// </summary>
    public async ValueTask ImpersonateAsync(XclientAttributes said)
    {
        var before = _isImpersonating ? Client : Client with { HelloName = null, Account = null };
        _isImpersonating = true;
        Client = before with
        {
            Address = said.Address is { } client ? ProxiedAddress.Plain(client) : before.Address,
            Name = said.Name ?? before.Name,
            HelloName = said.Hello ?? before.HelloName,
            Account = said.SaysLogin ? said.Login : before.Account,
            IsFront = said.Address is { } named ? ProxiedAddress.IsNobody(named) : before.IsFront,
        };
        IsExtended = said.IsExtended ?? IsExtended;
        await EndMailAsync();
    }

    public void BeginMail(MailParameters mail)
    {
        Mail = mail;
        Phase = SessionPhase.Sender;
    }

    public void AddRecipient(RecipientParameters recipient)
    {
        _recipients.Add(recipient);
        Phase = SessionPhase.Recipients;
    }

    /// <summary>RFC 5321 §4.1.1.4: after the data, sent or failed, all buffers are cleared. So does RSET, and a second EHLO.</summary>
    public async ValueTask EndMailAsync()
    {
        Mail = null;
        _recipients.Clear();
        Phase = Client.HelloName is null ? SessionPhase.Greeted : SessionPhase.Ready;
        if (Chunks is { } chunks)
        {
            Chunks = null;
            await chunks.DisposeAsync();
        }
    }

    public void BeginChunks(ChunkedMail chunks)
    {
        Chunks = chunks;
        Phase = SessionPhase.Chunks;
    }

    /// <summary>The transaction under way; the recipients are copied, as the session goes on.</summary>
    public MailTransaction ToTransaction(string id) =>
        new(Mail ?? throw new InvalidOperationException("No mail is under way."), [.. _recipients], id);
}
