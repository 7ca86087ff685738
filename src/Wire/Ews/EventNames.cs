namespace Relay.Wire.Ews;

/// <summary>The event elements and the values of EventType, which are the same words.</summary>
public static class EventNames
{
    private static readonly string[] ByFlag =
        ["CopiedEvent", "CreatedEvent", "DeletedEvent", "ModifiedEvent", "MovedEvent", "NewMailEvent", "FreeBusyChangedEvent"];

    /// <summary>The names in the order of the schema, one for each flag.</summary>
    /// <param name="types">Any combination.</param>
    public static IEnumerable<string> NamesOf(EwsEventTypes types)
    {
        for (var bit = 0; bit < ByFlag.Length; bit++)
        {
            if (((int)types & (1 << bit)) != 0)
            {
                yield return ByFlag[bit];
            }
        }
    }

    /// <summary>The flag of an event element's name.</summary>
    /// <param name="name">Such as <c>NewMailEvent</c>; case counts.</param>
    /// <returns>None for a name that is not one of the seven.</returns>
    public static EwsEventTypes FlagOf(string name)
    {
        var bit = Array.IndexOf(ByFlag, name);
        return bit < 0 ? EwsEventTypes.None : (EwsEventTypes)(1 << bit);
    }

    /// <summary>Which filter flag lets an event through.</summary>
    /// <param name="type">Any type.</param>
    /// <returns>None for Status and Unknown, which no filter names.</returns>
    public static EwsEventTypes FlagOf(MailboxEventType type) =>
        type is MailboxEventType.Status or MailboxEventType.Unknown ? EwsEventTypes.None : (EwsEventTypes)(1 << (int)type);

    internal static string ElementOf(MailboxEventType type) =>
        type == MailboxEventType.Status ? "StatusEvent" : ByFlag[(int)type];

    internal static MailboxEventType TypeOf(string element)
    {
        var index = Array.IndexOf(ByFlag, element);
        return index >= 0 ? (MailboxEventType)index : element == "StatusEvent" ? MailboxEventType.Status : MailboxEventType.Unknown;
    }
}
