namespace Relay.Access;

/// <summary>What a mail to a token address asks for.</summary>
internal enum TokenKind
{
    /// <summary>Reports on a notification that could not be delivered.</summary>
    Bounce,

    /// <summary>Ends the subscription.</summary>
    Unsubscribe,

    /// <summary>Renews the subscription's lease.</summary>
    Renew,

    /// <summary>Confirms a request.</summary>
    Confirm,
}
