namespace Relay.Wire.Ews;

/// <summary>
/// The errors with the texts that Exchange gives, so that a person who searches for one finds it. Codes outside the schema are never
/// used: an unknown code in a stream ends the process of Microsoft's own client.
/// </summary>
public static class EwsErrors
{
    /// <summary>No such subscription here: expired, ended, lost by a restart, or on another server.</summary>
    public static EwsError SubscriptionNotFound { get; } = new("ErrorSubscriptionNotFound", "The specified subscription was not found.");

    /// <summary>It was valid once and is no longer.</summary>
    public static EwsError InvalidSubscription { get; } = new("ErrorInvalidSubscription", "Subscription is invalid.");

    /// <summary>Asked for at the moment it is being removed.</summary>
    public static EwsError ExpiredSubscription { get; } = new(
        "ErrorExpiredSubscription",
        "Subscription information is not available. Subscription is expired.");

    /// <summary>The caller is not who made it.</summary>
    public static EwsError SubscriptionAccessDenied { get; } = new(
        "ErrorSubscriptionAccessDenied",
        "Access is denied. Only the subscription owner may access the subscription.");

    /// <summary>GetEvents or Unsubscribe with the id of a push subscription.</summary>
    public static EwsError InvalidPullSubscriptionId { get; } = new(
        "ErrorInvalidPullSubscriptionId",
        "SubscriptionId is invalid. Subscription is not a pull subscription.");

    /// <summary>Empty, 2083 characters or more, unreadable, or of a scheme that is not served.</summary>
    public static EwsError InvalidPushSubscriptionUrl { get; } = new(
        "ErrorInvalidPushSubscriptionUrl",
        "URL specified for push subscription is invalid.");

    /// <summary>Folders of two mailboxes; also both or neither of folders and SubscribeToAllFolders.</summary>
    public static EwsError InvalidSubscriptionRequest { get; } = new(
        "ErrorInvalidSubscriptionRequest",
        "A subscription can only be established on a single public folder or on folders from a single mailbox.");

    /// <summary>Unknown, aged out, or of another database.</summary>
    public static EwsError InvalidWatermark { get; } = new("ErrorInvalidWatermark", "The watermark is invalid.");

    /// <summary>The event is gone before it was told; the subscription is deleted.</summary>
    public static EwsError EventNotFound { get; } = new(
        "ErrorEventNotFound",
        "The watermark used for creating this subscription was not found.");

    /// <summary>The subscription is deleted. The two spaces are the server's.</summary>
    public static EwsError ReadEventsFailed { get; } = new(
        "ErrorReadEventsFailed",
        "Unable to retrieve events for this subscription.  The subscription must be recreated.");

    /// <summary>A gap, not an end.</summary>
    public static EwsError MissedNotificationEvents { get; } = new(
        "ErrorMissedNotificationEvents",
        "The subscription has missed events, but will continue service on this connection.");

    /// <summary>The older of two streams ends.</summary>
    public static EwsError NewEventStreamConnectionOpened { get; } = new(
        "ErrorNewEventStreamConnectionOpened",
        "Another connection was opened against this subscription.");

    /// <summary>The stream ends. Microsoft's page misspells the code.</summary>
    public static EwsError SubscriptionUnsubscribed { get; } = new(
        "ErrorSubscriptionUnsubscribed",
        "The StreamingSubscription was unsubscribed while the current connection was servicing it.");

    /// <summary>20 in the cloud, 5000 on premises.</summary>
    public static EwsError ExceededSubscriptionCount { get; } = new(
        "ErrorExceededSubscriptionCount",
        "You have exceeded the available subscriptions for your account.  Remove unnecessary subscriptions and try your request again.");

    /// <summary>Also told as a fault.</summary>
    public static EwsError ExceededConnectionCount { get; } = new(
        "ErrorExceededConnectionCount",
        "You have exceeded the available concurrent connections for your account.  Try again once your other requests have completed.");

    /// <summary>Transient.</summary>
    public static EwsError MailboxStoreUnavailable { get; } = new(
        "ErrorMailboxStoreUnavailable",
        "The mailbox database is temporarily unavailable.");

    /// <summary>No such folder, or no right to see it.</summary>
    public static EwsError FolderNotFound { get; } = new("ErrorFolderNotFound", "The specified folder could not be found in the store.");

    /// <summary>The normal end of a race with another client.</summary>
    public static EwsError ItemNotFound { get; } = new("ErrorItemNotFound", "The specified object was not found in the store.");

    /// <summary>Not for this caller.</summary>
    public static EwsError AccessDenied { get; } = new("ErrorAccessDenied", "Access is denied. Check credentials and try again.");

    /// <summary>As servers word it; the reference client's table says it shorter.</summary>
    public static EwsError NonExistentMailbox { get; } = new(
        "ErrorNonExistentMailbox",
        "The SMTP address has no mailbox associated with it.");

    /// <summary>Told as a fault.</summary>
    public static EwsError InvalidExchangeImpersonationHeaderData { get; } = new(
        "ErrorInvalidExchangeImpersonationHeaderData",
        "An ExchangeImpersonation SOAP header must contain a user principal name, user SID, or primary SMTP address.");

    /// <summary>Not an id of this server's making.</summary>
    public static EwsError InvalidIdMalformed { get; } = new("ErrorInvalidIdMalformed", "Id is malformed.");

    /// <summary>An id of blanks passes the schema.</summary>
    public static EwsError InvalidIdEmpty { get; } = new("ErrorInvalidIdEmpty", "Id must be non-empty.");

    /// <summary>Begin again without a state.</summary>
    public static EwsError InvalidSyncStateData { get; } = new(
        "ErrorInvalidSyncStateData",
        "Synchronization state data is corrupt or otherwise invalid.");

    /// <summary>Told as a fault: broken XML, no body, unknown operation.</summary>
    public static EwsError InvalidRequest { get; } = new("ErrorInvalidRequest", "The request is invalid.");

    /// <summary>Told as a fault.</summary>
    public static EwsError InvalidServerVersion { get; } = new("ErrorInvalidServerVersion", "The specified server version is invalid.");

    /// <summary>Told as a fault: the stated version does not know what is asked for.</summary>
    public static EwsError IncorrectSchemaVersion { get; } = new(
        "ErrorIncorrectSchemaVersion",
        "The request is valid but does not specify the correct server version in the RequestServerVersion SOAP header."
            + " Ensure that the RequestServerVersion header is set with the correct RequestServerVersionValue.");

    /// <summary>The answer would be too large; fewer things are to be asked for at once.</summary>
    public static EwsError DataSizeLimitExceeded { get; } = new(
        "ErrorDataSizeLimitExceeded",
        "The data size limit was exceeded. Ask for less at once.");

    /// <summary>Throttled; carries a back-off as a rule.</summary>
    public static EwsError ServerBusy { get; } = new(
        "ErrorServerBusy",
        "The server cannot service this request right now. Try again later.");

    /// <summary>Transient.</summary>
    public static EwsError InternalServerTransientError { get; } = new(
        "ErrorInternalServerTransientError",
        "An internal server error occurred. Try again later.");

    /// <summary>ResolveNames knows nobody of that name.</summary>
    public static EwsError NameResolutionNoResults { get; } = new("ErrorNameResolutionNoResults", "No results were found.");

    /// <summary>The fault for a request that <see cref="EwsSchema"/> refused.</summary>
    /// <param name="violation">What the schema said.</param>
    public static EwsError SchemaValidation(SchemaViolation violation)
    {
        ArgumentNullException.ThrowIfNull(violation);
        return new EwsError("ErrorSchemaValidation", "The request failed schema validation: " + violation.Message) { IsFault = true };
    }
}
