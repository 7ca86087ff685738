namespace Relay.Outbound;

/// <summary>What a mail's end says of its domain.</summary>
internal enum LaneVerdict
{
    /// <summary>Nothing: it was not asked.</summary>
    None,

    /// <summary>It works; a refusal for good is an answer too.</summary>
    Good,

    /// <summary>It asked to come later.</summary>
    Later,

    /// <summary>It did not answer in time, or asked to come later after half a minute and more, or cut the connection then.</summary>
    Silent,
}
