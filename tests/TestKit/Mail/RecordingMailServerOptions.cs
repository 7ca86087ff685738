using System.Security.Cryptography.X509Certificates;

namespace Relay.TestKit.Mail;

public sealed record RecordingMailServerOptions
{
    /// <summary>0 is any free one.</summary>
    public int Port { get; init; }

    /// <summary>What EHLO announces besides STARTTLS and AUTH, which follow from the other options.</summary>
    public IReadOnlyList<string> Extensions { get; init; } = ["PIPELINING", "SIZE 10485760", "8BITMIME", "ENHANCEDSTATUSCODES", "DSN", "SMTPUTF8"];

    /// <summary>With one, STARTTLS is offered, or TLS is spoken from the first octet if <see cref="ImplicitTls"/>.</summary>
    public X509Certificate2? Certificate { get; init; }

    public bool ImplicitTls { get; init; }

    /// <summary>Name to password; with any, AUTH PLAIN and LOGIN are offered and MAIL is refused without.</summary>
    public IReadOnlyDictionary<string, string> Accounts { get; init; } = new Dictionary<string, string>();

    /// <summary>Under which of PLAIN, LOGIN and XOAUTH2, whose token is the password, they may be named.</summary>
    public string Mechanisms { get; init; } = "PLAIN LOGIN";

    /// <summary>Asked at each stage, after the orders given by name: null agrees. For random misbehaviour.</summary>
    public Func<MailServerStage, MailServerOrder?>? Mood { get; init; }
}
