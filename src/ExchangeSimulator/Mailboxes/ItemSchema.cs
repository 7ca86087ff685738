using System.Xml.Linq;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Mailboxes;

/// <summary>The order in which the schema wants the properties of each kind of item.</summary>
internal static class ItemSchema
{
    private const string Item =
        "MimeContent ItemId ParentFolderId ItemClass Subject Sensitivity Body Attachments DateTimeReceived Size Categories Importance InReplyTo "
        + "IsSubmitted IsDraft IsFromMe IsResend IsUnmodified InternetMessageHeaders DateTimeSent DateTimeCreated ResponseObjects ReminderDueBy "
        + "ReminderIsSet ReminderNextTime ReminderMinutesBeforeStart DisplayCc DisplayTo DisplayBcc HasAttachments ExtendedProperty Culture "
        + "EffectiveRights LastModifiedName LastModifiedTime IsAssociated WebClientReadFormQueryString WebClientEditFormQueryString "
        + "ConversationId UniqueBody Flag StoreEntryId InstanceKey NormalizedBody ";

    private const string Mail =
        "Sender ToRecipients CcRecipients BccRecipients IsReadReceiptRequested IsDeliveryReceiptRequested ConversationIndex ConversationTopic "
        + "From InternetMessageId IsRead IsResponseRequested References ReplyTo ReceivedBy ReceivedRepresenting ";

    private const string Calendar =
        "UID RecurrenceId DateTimeStamp Start End OriginalStart IsAllDayEvent LegacyFreeBusyStatus Location When IsMeeting IsCancelled "
        + "IsRecurring MeetingRequestWasSent IsResponseRequested CalendarItemType MyResponseType Organizer RequiredAttendees OptionalAttendees "
        + "Resources InboxReminders ConflictingMeetingCount AdjacentMeetingCount ConflictingMeetings AdjacentMeetings Duration TimeZone "
        + "AppointmentReplyTime AppointmentSequenceNumber AppointmentState Recurrence FirstOccurrence LastOccurrence ModifiedOccurrences "
        + "DeletedOccurrences MeetingTimeZone StartTimeZone EndTimeZone ConferenceType AllowNewTimeProposal IsOnlineMeeting "
        + "MeetingWorkspaceUrl NetShowUrl ";

    private const string Task =
        "ActualWork AssignedTime BillingInformation ChangeCount Companies CompleteDate Contacts DelegationState Delegator DueDate "
        + "IsAssignmentEditable IsComplete IsRecurring IsTeamTask Mileage Owner PercentComplete Recurrence StartDate Status StatusDescription "
        + "TotalWork";

    private const string Contact =
        "FileAs FileAsMapping DisplayName GivenName Initials MiddleName Nickname CompleteName CompanyName EmailAddresses PhysicalAddresses "
        + "PhoneNumbers AssistantName Birthday BusinessHomePage Children Companies ContactSource Department Generation ImAddresses JobTitle "
        + "Manager Mileage OfficeLocation PostalAddressIndex Profession SpouseName Surname WeddingAnniversary HasPicture";

    private static readonly Dictionary<string, string[]> ByKind = new()
    {
        ["Item"] = Item.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ["Message"] = (Item + Mail).Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ["MeetingRequest"] = (Item + Mail + Calendar).Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ["CalendarItem"] = (Item + Calendar).Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ["Task"] = (Item + Task).Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ["Contact"] = (Item + Contact).Split(' ', StringSplitOptions.RemoveEmptyEntries),
    };

    public static bool IsKnown(string kind) => ByKind.ContainsKey(kind);

    /// <summary>An element of the same kind with these properties in order; of two with one name (extended properties aside) the later.</summary>
    /// <param name="kind">One of the known kinds.</param>
    /// <param name="properties">In any order; those that the kind does not have are left out.</param>
    public static XElement Arrange(string kind, IEnumerable<XElement?> properties)
    {
        var names = ByKind[kind];
        var ordered = properties.OfType<XElement>()
            .Select((element, index) => (element, index, place: Array.IndexOf(names, element.Name.LocalName)))
            .Where(entry => entry.place >= 0)
            .GroupBy(entry => entry.element.Name.LocalName == "ExtendedProperty" ? $"{entry.index}" : entry.element.Name.LocalName)
            .Select(group => group.Last())
            .OrderBy(entry => entry.place);
        return new XElement(EwsNames.Types + kind, ordered.Select(entry => Canonical(entry.element)));
    }

    /// <summary>Clients write booleans as 0 and 1 too, but some read only the words.</summary>
    private static XElement Canonical(XElement property)
    {
        var name = property.Name.LocalName;
        if (property.Value is not ("0" or "1")
            || (!name.StartsWith("Is", StringComparison.Ordinal)
                && name is not ("HasAttachments" or "ReminderIsSet" or "MeetingRequestWasSent" or "AllowNewTimeProposal")))
        {
            return property;
        }

        return new XElement(property.Name, property.Value == "1" ? "true" : "false");
    }
}
