namespace Relay.Smtp.Server;

/// <summary>What one session may use up. Each default says where it comes from.</summary>
public sealed class SmtpServerLimits
{
    /// <summary>The least of <see cref="CommandLineBytes"/>.</summary>
    public const int LeastCommandLineBytes = 512;

    /// <summary>The least of <see cref="TextLineBytes"/>.</summary>
    public const int LeastTextLineBytes = 1000;

    /// <summary>The least of <see cref="Recipients"/>.</summary>
    public const int LeastRecipients = 100;

    /// <summary>The least of <see cref="CommandsWithoutMail"/>.</summary>
    public const int LeastCommandsWithoutMail = 10;

    /// <summary>The least of every timeout and grace.</summary>
    public static readonly TimeSpan LeastTimeout = TimeSpan.FromSeconds(1);

    /// <summary>The most of every timeout and grace.</summary>
    public static readonly TimeSpan MostTimeout = TimeSpan.FromDays(1);

    /// <summary>The most of <see cref="ErrorDelay"/>.</summary>
    public static readonly TimeSpan MostErrorDelay = TimeSpan.FromMinutes(1);

    /// <summary>All sessions at once, 1 or more. 2,000: about 60 MB of memory.</summary>
    public int Sessions { get; set; } = 2000;

    /// <summary>Sessions of one client, an IPv4 address or an IPv6 network of 64 bits, 1 or more; null sets no limit. By default 50, and none for loopback clients.</summary>
    public int? SessionsPerClient { get; set; } = 50;

    /// <summary>Octets of a command line, 512 or more. 2,048: RFC 5321 §4.5.3.1.4's 512 and the room that extensions ask for.</summary>
    public int CommandLineBytes { get; set; } = 2048;

    /// <summary>Octets of a content line with CRLF, 1,000 or more (RFC 5321 §4.5.3.1.6). 1 MiB: programs mail XML in one line.</summary>
    public int TextLineBytes { get; set; } = 1024 * 1024;

    /// <summary>Recipients of one mail, 100 or more (RFC 5321 §4.5.3.1.8). The next one is 452, those before it stand.</summary>
    public int Recipients { get; set; } = 100;

    /// <summary>Refused commands after which each further one waits <see cref="ErrorDelay"/>, 0 or more. 10, as Postfix has it.</summary>
    public int ErrorsBeforeDelay { get; set; } = 10;

    /// <summary>How long such a reply waits, 0 to 60 s.</summary>
    public TimeSpan ErrorDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Refused commands after which the session ends, 1 or more; an accepted mail counts back to none. 20, as Postfix has it.</summary>
    public int ErrorsPerSession { get; set; } = 20;

    /// <summary>Commands without an accepted mail after which the session ends, 10 or more; recipients and chunks that are taken are not counted.</summary>
    public int CommandsWithoutMail { get; set; } = 1000;

    /// <summary>How long a session may be silent between commands. RFC 5321 §4.5.3.2.7: at least 5 minutes.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long content may stop coming. RFC 5321 §4.5.3.2.5: a sender waits 3 minutes for a block to go.</summary>
    public TimeSpan DataBlockTimeout { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>How long the whole content may take, however steadily it drips. 30 minutes: 10 MiB at 6 KB/s.</summary>
    public TimeSpan DataTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Octets of content a second that a sender must reach in the mean, 0 or more; 0 asks for none. 500, as Postfix has it: slower than any
    /// line in use, and far too fast for holding sessions by dripping.
    /// </summary>
    public int MinimumDataRate { get; set; } = 500;

    /// <summary>How long a sender may be below <see cref="MinimumDataRate"/>. 5 minutes: it may pause once as long as for a command.</summary>
    public TimeSpan DataRateGrace { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a TLS handshake or a PROXY header may take.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Failed AUTHs after which the session ends, 1 or more. 3: a person's typing, not a guesser's list.</summary>
    public int AuthFailures { get; set; } = 3;

    /// <summary>Every fault in a sentence.</summary>
    internal IEnumerable<string> Faults()
    {
        var numbers = new (string Name, long Value, long Least)[]
        {
            (nameof(Sessions), Sessions, 1),
            (nameof(SessionsPerClient), SessionsPerClient ?? 1, 1),
            (nameof(CommandLineBytes), CommandLineBytes, LeastCommandLineBytes),
            (nameof(TextLineBytes), TextLineBytes, LeastTextLineBytes),
            (nameof(Recipients), Recipients, LeastRecipients),
            (nameof(ErrorsBeforeDelay), ErrorsBeforeDelay, 0),
            (nameof(ErrorsPerSession), ErrorsPerSession, 1),
            (nameof(CommandsWithoutMail), CommandsWithoutMail, LeastCommandsWithoutMail),
            (nameof(AuthFailures), AuthFailures, 1),
            (nameof(MinimumDataRate), MinimumDataRate, 0),
        };
        foreach (var (name, _, least) in numbers.Where(number => number.Value < number.Least))
        {
            yield return $"{name} must be {least} or more.";
        }

        foreach (var (name, value) in new[]
        {
            (nameof(IdleTimeout), IdleTimeout),
            (nameof(DataBlockTimeout), DataBlockTimeout),
            (nameof(DataTimeout), DataTimeout),
            (nameof(HandshakeTimeout), HandshakeTimeout),
            (nameof(DataRateGrace), DataRateGrace),
        })
        {
            if (value < LeastTimeout || value > MostTimeout)
            {
                yield return $"{name} must be 1 second to 1 day.";
            }
        }

        if (ErrorDelay < TimeSpan.Zero || ErrorDelay > MostErrorDelay)
        {
            yield return $"{nameof(ErrorDelay)} must be 0 to 60 seconds.";
        }
    }
}
