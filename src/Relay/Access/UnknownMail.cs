namespace Relay.Access;

/// <summary>What becomes of mail to our domains that is for no service (<c>Relay:Forward:Unknown</c>).</summary>
internal enum UnknownMail
{
    /// <summary>550 5.1.1.</summary>
    Reject,

    /// <summary>Passed on to the smarthost as it came.</summary>
    Smarthost,
}
