using System.Net;
using Relay.Smtp.Client;
using Relay.Wire.Smtp;

namespace Relay.Client.Mail;

/// <summary>Where the relay is, who we are, and where its answers reach us.</summary>
internal sealed record RelayMailOptions
{
    /// <summary>Our address: From and envelope sender of requests, and the only recipient our listener takes mail for.</summary>
    public required MailAddress From { get; init; }

    /// <summary>The relay's SMTP server, or the smarthost that carries mail to it.</summary>
    public SmtpClientOptions Server { get; init; } = new() { Host = "127.0.0.1", Port = 8023, Tls = SmtpClientTls.None };

    /// <summary>
    /// Where we listen; the relay's smarthost setting points here. Port 0 takes any free port. Null does not listen: another program
    /// takes the answers.
    /// </summary>
    public IPEndPoint? Listen { get; init; } = new(IPAddress.Loopback, 8024);

    /// <summary>How long an answer is awaited, counted from the hand-over of the request. Mail may take its time: default 60 s.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Whether mail that nobody asked for (notifications, late answers) is taken. A program that only asks and goes leaves it false: its
    /// listener then says 451, and the relay keeps the notification for the program that listens.
    /// </summary>
    public bool TakesNotifications { get; init; } = true;

    /// <summary>
    /// Mails held for the reader of <see cref="RelayMailClient.IncomingAsync"/>, 1 or more; when full, the listener says 451 and the relay
    /// comes again.
    /// </summary>
    public int IncomingCapacity { get; init; } = 1000;

    /// <summary>Largest mail that our listener takes, in octets. Default 10 MiB, as the relay's own.</summary>
    public int MaxMailBytes { get; init; } = 10 * 1024 * 1024;
}
