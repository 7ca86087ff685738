namespace Relay.TestKit.Mail;

/// <summary>Where in the dialogue a <see cref="RecordingMailServer"/> can be told to misbehave.</summary>
public enum MailServerStage
{
    /// <summary>The greeting.</summary>
    Connect,

    /// <summary>EHLO, HELO or LHLO.</summary>
    Hello,

    StartTls,

    Auth,

    Mail,

    Recipient,

    /// <summary>The DATA command.</summary>
    Data,

    /// <summary>The final dot: the content has been read, the answer is due.</summary>
    Content,
}
