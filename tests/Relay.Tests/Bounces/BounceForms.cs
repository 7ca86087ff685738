namespace Relay.Tests.Bounces;

/// <summary>
/// Bounces after the forms of the servers that write them. {0} is the address that failed, {1} the Message-ID of the mail that came back, {2} its ENVID.
/// </summary>
internal static class BounceForms
{
    public const string Postfix = """
        From: MAILER-DAEMON@mx.partner.example (Mail Delivery System)
        Subject: Undelivered Mail Returned to Sender
        To: bounce@gateway.example
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status;
        	boundary="4TzQ1k2Wnxz9sT.1700000000/mx.partner.example"
        Content-Transfer-Encoding: 8bit
        Message-Id: <4TzQ1k2X2Zz9sV@mx.partner.example>

        This is a MIME-encapsulated message.

        --4TzQ1k2Wnxz9sT.1700000000/mx.partner.example
        Content-Description: Notification
        Content-Type: text/plain; charset=utf-8

        This is the mail system at host mx.partner.example.

        I'm sorry to have to inform you that your message could not
        be delivered to one or more recipients. It's attached below.

        <{0}>: host mail.partner.example[192.0.2.7] said: 550 5.1.1
            <{0}>: Recipient address rejected: User unknown in local
            recipient table (in reply to RCPT TO command)

        --4TzQ1k2Wnxz9sT.1700000000/mx.partner.example
        Content-Description: Delivery report
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.partner.example
        Original-Envelope-Id: {2}
        X-Postfix-Queue-ID: 4TzQ1k2Wnxz9sT
        X-Postfix-Sender: rfc822; bounce@gateway.example
        Arrival-Date: Sat, 21 Nov 2026 12:00:00 +0000 (UTC)

        Final-Recipient: rfc822; {0}
        Original-Recipient: rfc822;{0}
        Action: failed
        Status: 5.1.1
        Remote-MTA: dns; mail.partner.example
        Diagnostic-Code: smtp; 550 5.1.1 <{0}>: Recipient address
            rejected: User unknown in local recipient table

        --4TzQ1k2Wnxz9sT.1700000000/mx.partner.example
        Content-Description: Undelivered Message Headers
        Content-Type: text/rfc822-headers
        Content-Transfer-Encoding: 8bit

        Return-Path: <bounce@gateway.example>
        From: ews@gateway.example
        Message-ID: {1}
        Subject: NewMail in ann@corp.example/inbox

        --4TzQ1k2Wnxz9sT.1700000000/mx.partner.example--
        """;

    public const string Exchange = """
        From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@partner.example>
        To: <bounce@gateway.example>
        Date: Sat, 21 Nov 2026 12:00:00 +0000
        Content-Type: multipart/report; report-type=delivery-status;
        	boundary="_b7a2ddf5-3d2e-4a6a-9f4e-2b6a6f3c7c11_"
        Content-Language: en-US
        Message-ID: <1dfb1c33-2a0a-4b53-a3ad-2d7a4f6d2d5e@partner.example>
        In-Reply-To: {1}
        References: {1}
        Subject: Undeliverable: NewMail in ann@corp.example/inbox
        Auto-Submitted: auto-replied
        MIME-Version: 1.0

        --_b7a2ddf5-3d2e-4a6a-9f4e-2b6a6f3c7c11_
        Content-Type: multipart/alternative;
        	differences=Content-Type; boundary="_58a1_"

        --_58a1_
        Content-Type: text/plain; charset="us-ascii"
        Content-Transfer-Encoding: quoted-printable

        Delivery has failed to these recipients or groups:

        {0}<mailto:{0}>
        The email address you entered couldn't be found.=20

        Diagnostic information for administrators:
        Generating server: EX1.partner.example
        Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipien=
        t not found by SMTP address lookup'

        --_58a1_
        Content-Type: text/html; charset="us-ascii"

        <html><body><p>Delivery has failed.</p></body></html>
        --_58a1_--

        --_b7a2ddf5-3d2e-4a6a-9f4e-2b6a6f3c7c11_
        Content-Type: message/delivery-status

        Reporting-MTA: dns;EX1.partner.example
        Received-From-MTA: dns;mx.gateway.example
        Arrival-Date: Sat, 21 Nov 2026 12:00:00 +0000

        Final-Recipient: rfc822;{0}
        Action: failed
        Status: 5.1.10
        Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup

        --_b7a2ddf5-3d2e-4a6a-9f4e-2b6a6f3c7c11_
        Content-Type: message/rfc822

        From: <ews@gateway.example>
        Subject: NewMail in ann@corp.example/inbox
        Message-ID: {1}
        Content-Type: text/plain

        x
        --_b7a2ddf5-3d2e-4a6a-9f4e-2b6a6f3c7c11_--
        """;

    public const string Gmail = """
        From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
        To: bounce@gateway.example
        Auto-Submitted: auto-replied
        Subject: Delivery Status Notification (Failure)
        References: {1}
        In-Reply-To: {1}
        X-Failed-Recipients: {0}
        Message-ID: <655d0b5c.050a0220.1f0d2.7e1e.GMR@mx.google.com>
        MIME-Version: 1.0
        Content-Type: multipart/report; boundary="00000000000075c1ab060b"; report-type=delivery-status

        --00000000000075c1ab060b
        Content-Type: multipart/related; boundary="00000000000075c1bc060b"

        --00000000000075c1bc060b
        Content-Type: multipart/alternative; boundary="00000000000075c1c3060b"

        --00000000000075c1c3060b
        Content-Type: text/plain; charset="UTF-8"

        ** Address not found **

        Your message wasn't delivered to {0} because the address couldn't be found, or is unable to receive mail.

        --00000000000075c1c3060b
        Content-Type: text/html; charset="UTF-8"

        <html><body>Address not found</body></html>
        --00000000000075c1c3060b--
        --00000000000075c1bc060b--
        --00000000000075c1ab060b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; googlemail.com
        Arrival-Date: Sat, 21 Nov 2026 04:00:00 -0800 (PST)
        X-Original-Message-ID: {1}

        Final-Recipient: rfc822; {0}
        Action: failed
        Status: 5.1.1
        Remote-MTA: dns; gmail-smtp-in.l.google.com. (192.0.2.27, the server for
         the domain partner.example.)
        Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try
         550-5.1.1 double-checking the recipient's email address for typos or
         550 5.1.1 unnecessary spaces.
        Last-Attempt-Date: Sat, 21 Nov 2026 04:00:01 -0800 (PST)

        --00000000000075c1ab060b
        Content-Type: message/rfc822

        From: ews@gateway.example
        Message-ID: {1}
        Subject: NewMail

        x
        --00000000000075c1ab060b--
        """;

    /// <summary>Exim before 4.86, and wherever its bounces are made by a template: no report, the mail below a line.</summary>
    public const string EximProse = """
        X-Failed-Recipients: {0}
        Auto-Submitted: auto-replied
        From: Mail Delivery System <Mailer-Daemon@mx.partner.example>
        To: bounce@gateway.example
        Subject: Mail delivery failed: returning message to sender
        Message-Id: <E1r5abc-0001Xy-2Z@mx.partner.example>
        Date: Sat, 21 Nov 2026 12:00:00 +0000

        This message was created automatically by mail delivery software.

        A message that you sent could not be delivered to one or more of its
        recipients. This is a permanent error. The following address(es) failed:

          {0}
            host mail.partner.example [192.0.2.7]
            SMTP error from remote mail server after RCPT TO:<{0}>:
            550 5.1.1 <{0}>: User unknown

        ------ This is a copy of the message, including all the headers. ------

        Return-path: <bounce@gateway.example>
        From: ews@gateway.example
        Message-ID: {1}
        Subject: NewMail in ann@corp.example/inbox

        x
        """;

    /// <summary>Exim 4.86 and later.</summary>
    public const string Exim = """
        X-Failed-Recipients: {0}
        Auto-Submitted: auto-replied
        From: Mail Delivery System <Mailer-Daemon@mx.partner.example>
        To: bounce@gateway.example
        References: {1}
        Content-Type: multipart/report; report-type=delivery-status; boundary=1700000000-eximdsn-123456789
        MIME-Version: 1.0
        Subject: Mail delivery failed: returning message to sender

        --1700000000-eximdsn-123456789
        Content-type: text/plain; charset=us-ascii

        This message was created automatically by mail delivery software.

          {0}
            Unrouteable address

        --1700000000-eximdsn-123456789
        Content-type: message/delivery-status

        Reporting-MTA: dns; mx.partner.example

        Action: failed
        Final-Recipient: rfc822;{0}
        Status: 5.0.0
        Diagnostic-Code: X-Str; Unrouteable address

        --1700000000-eximdsn-123456789
        Content-type: message/rfc822

        From: ews@gateway.example
        Message-ID: {1}

        x
        --1700000000-eximdsn-123456789--
        """;

    public const string Qmail = """
        From: MAILER-DAEMON@mx.partner.example
        To: bounce@gateway.example
        Subject: failure notice

        Hi. This is the qmail-send program at mx.partner.example.
        I'm afraid I wasn't able to deliver your message to the following addresses.
        This is a permanent error; I've given up. Sorry it didn't work out.

        <{0}>:
        Sorry, no mailbox here by that name. (#5.1.1)

        --- Below this line is a copy of the message.

        Return-Path: <bounce@gateway.example>
        From: ews@gateway.example
        Message-ID: {1}
        Subject: NewMail in ann@corp.example/inbox

        x
        """;

    /// <summary>RET=HDRS taken to mean nothing at all: only the ENVID says which mail it was.</summary>
    public const string EnvelopeOnly = """
        From: postmaster@mx.partner.example
        To: bounce@gateway.example
        Subject: DSN
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary=b

        --b
        Content-Type: text/plain

        Failed.
        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.partner.example
        Original-Envelope-Id: {2}

        Final-Recipient: rfc822; {0}
        Action: failed
        Status: 5.1.1
        --b--
        """;

    /// <summary>Names no mail.</summary>
    public const string Nameless = """
        From: postmaster@mx.partner.example
        To: bounce@gateway.example
        Subject: DSN
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary=b

        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.partner.example

        Final-Recipient: rfc822; {0}
        Action: failed
        Status: 5.1.1
        --b--
        """;

    /// <summary>Sendmail and others, hours before they give up.</summary>
    public static readonly string Delayed = EnvelopeOnly.Replace("Action: failed\nStatus: 5.1.1", "Action: delayed\nStatus: 4.4.1", StringComparison.Ordinal);

    public static readonly string Full = Postfix.Replace("5.1.1", "5.2.2", StringComparison.Ordinal).Replace("User unknown in local", "Mailbox is full", StringComparison.Ordinal);

    public static readonly string Arrived = EnvelopeOnly.Replace("Action: failed\nStatus: 5.1.1", "Action: delivered\nStatus: 2.0.0", StringComparison.Ordinal);

    public static string Fill(string form, string address, string messageId, string? envelopeId) => form
        .Replace("{0}", address, StringComparison.Ordinal)
        .Replace("{1}", messageId, StringComparison.Ordinal)
        .Replace("{2}", envelopeId ?? "none", StringComparison.Ordinal);
}
