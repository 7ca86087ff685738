namespace Relay.Operator;

/// <summary>What became of a mail that came by a pipe. The numbers are exit codes of sysexits.h, which mail servers act on.</summary>
internal enum PipeOutcome
{
    Stored = 0,

    /// <summary>EX_DATAERR: no mail, or too large; the mail server returns it.</summary>
    NotAMail = 65,

    /// <summary>EX_NOUSER: an address that is none of ours; the mail server returns it.</summary>
    UnknownAddress = 67,

    /// <summary>EX_TEMPFAIL: the mail server keeps it and tries again.</summary>
    TryAgain = 75,
}
