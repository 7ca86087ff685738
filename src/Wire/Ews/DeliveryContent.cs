namespace Relay.Wire.Ews;

/// <summary>What a notification tells of the items that its events are about.</summary>
public enum DeliveryContent
{
    /// <summary>Their ids, as Exchange does.</summary>
    Ids,

    /// <summary>Also subject, sender and time of receipt, in a header block.</summary>
    Properties,

    /// <summary>Also the items themselves, as parts of the mail.</summary>
    Items,
}
