using System.Xml;

namespace Relay.Wire.Ews;

/// <summary>
/// Writes the bodies of responses and push notifications, strictly: what pull and push need validates against the Exchange schema and
/// has all that the reference client demands; streaming follows the wire instead, since there the two contradict each other.
/// </summary>
public static class EwsResponseWriter
{
    private const string M = EwsNames.MessagesUri;
    private const string T = EwsNames.TypesUri;

    /// <summary>SubscribeResponse with success.</summary>
    /// <param name="writer">Stands inside the SOAP body.</param>
    /// <param name="subscriptionId">Opaque.</param>
    /// <param name="watermark">Where the subscription starts; null for streaming.</param>
    public static void SubscribeResponse(XmlWriter writer, string subscriptionId, string? watermark) =>
        Success(writer, "Subscribe", w =>
        {
            w.WriteElementString("m", "SubscriptionId", M, subscriptionId);
            if (watermark is not null)
            {
                w.WriteElementString("m", "Watermark", M, watermark);
            }
        });

    /// <summary>GetEventsResponse with success.</summary>
    /// <param name="writer">Stands inside the SOAP body.</param>
    /// <param name="notification">Without events it is written with a StatusEvent at the previous watermark.</param>
    public static void GetEventsResponse(XmlWriter writer, EwsNotification notification) =>
        Success(writer, "GetEvents", w => Notification(w, notification, watermarks: true));

    /// <summary>UnsubscribeResponse with success.</summary>
    /// <param name="writer">Stands inside the SOAP body.</param>
    public static void UnsubscribeResponse(XmlWriter writer) => Success(writer, "Unsubscribe", _ => { });

    /// <summary>SendNotification, the request that pushes events.</summary>
    /// <param name="writer">Stands inside the SOAP body.</param>
    /// <param name="notification">Without events it is written with a StatusEvent at the previous watermark.</param>
    public static void SendNotification(XmlWriter writer, EwsNotification notification)
    {
        StartFrame(writer, "SendNotification", "SendNotificationResponseMessage", "Success");
        writer.WriteElementString("m", "ResponseCode", M, "NoError");
        Notification(writer, notification, watermarks: true);
        EndFrame(writer);
    }

    /// <summary>
    /// SendNotification that tells an error. The wire form has no Notification, which the schema demands, so it cannot validate.
    /// </summary>
    /// <param name="writer">Stands inside the SOAP body.</param>
    /// <param name="error">Such as ErrorReadEventsFailed.</param>
    /// <param name="subscriptionId">The only thing that says which subscription is meant.</param>
    public static void SendNotificationError(XmlWriter writer, EwsError error, string subscriptionId)
    {
        StartFrame(writer, "SendNotification", "SendNotificationResponseMessage", "Error");
        ErrorFrame(writer, error with { SubscriptionId = subscriptionId });
        EndFrame(writer);
    }

    /// <summary>An error response to any operation about notifications.</summary>
    /// <param name="writer">Stands inside the SOAP body.</param>
    /// <param name="operation">Such as <c>Subscribe</c>; the frame's names are made from it.</param>
    /// <param name="error">Its code must be one of the schema's.</param>
    public static void ErrorResponse(XmlWriter writer, string operation, EwsError error)
    {
        StartFrame(writer, operation + "Response", operation + "ResponseMessage", "Error");
        ErrorFrame(writer, error);
        EndFrame(writer);
    }

    /// <summary>One streaming message with events. A status never shares a message with them: the reference client disconnects.</summary>
    /// <param name="writer">Stands inside the SOAP body.</param>
    /// <param name="notifications">One for each subscription; their watermarks are not written.</param>
    public static void StreamingEvents(XmlWriter writer, IReadOnlyList<EwsNotification> notifications) =>
        Success(writer, "GetStreamingEvents", w =>
        {
            w.WriteStartElement("m", "Notifications", M);
            foreach (var notification in notifications)
            {
                Notification(w, notification with { PreviousWatermark = null, MoreEvents = null }, watermarks: false);
            }

            w.WriteEndElement();
        });

    /// <summary>One streaming message that tells how the connection stands; also the heartbeat.</summary>
    /// <param name="writer">Stands inside the SOAP body.</param>
    /// <param name="status">Closed is the last message.</param>
    public static void StreamingStatus(XmlWriter writer, ConnectionStatus status) =>
        Success(writer, "GetStreamingEvents", w => w.WriteElementString("m", "ConnectionStatus", M, status.ToString()));

    /// <summary>One streaming error, after which the connection is closed: clients poll a dead id for hours if it does not say so.</summary>
    /// <param name="writer">Stands inside the SOAP body.</param>
    /// <param name="error">Its code must be one that the reference client knows.</param>
    /// <param name="subscriptionIds">The ids concerned; written in the messages namespace, the only one that clients read.</param>
    /// <param name="status">Closed unless the stream goes on.</param>
    public static void StreamingError(
        XmlWriter writer, EwsError error, IReadOnlyCollection<string> subscriptionIds, ConnectionStatus status = ConnectionStatus.Closed)
    {
        StartFrame(writer, "GetStreamingEventsResponse", "GetStreamingEventsResponseMessage", "Error");
        ErrorFrame(writer, error);
        if (subscriptionIds.Count > 0)
        {
            writer.WriteStartElement("m", "ErrorSubscriptionIds", M);
            foreach (var id in subscriptionIds)
            {
                writer.WriteElementString("m", "SubscriptionId", M, id);
            }

            writer.WriteEndElement();
        }

        if (status == ConnectionStatus.Closed)
        {
            writer.WriteElementString("m", "ConnectionStatus", M, "Closed");
        }

        EndFrame(writer);
    }

    /// <summary>One Notification element, in the messages namespace as the wire has it everywhere.</summary>
    /// <param name="writer">Stands inside a response message.</param>
    /// <param name="notification">Without events it is written with a StatusEvent, since the schema demands one event.</param>
    /// <param name="watermarks">False in streams.</param>
    private static void Notification(XmlWriter writer, EwsNotification notification, bool watermarks)
    {
        writer.WriteStartElement("m", "Notification", M);
        writer.WriteElementString("t", "SubscriptionId", T, notification.SubscriptionId);
        if (notification.PreviousWatermark is not null)
        {
            writer.WriteElementString("t", "PreviousWatermark", T, notification.PreviousWatermark);
        }

        if (notification.MoreEvents is { } more)
        {
            writer.WriteElementString("t", "MoreEvents", T, more ? "true" : "false");
        }

        IReadOnlyList<MailboxEvent> events =
            notification.Events.Count > 0 ? notification.Events : [MailboxEvent.Status(notification.PreviousWatermark)];
        foreach (var item in events)
        {
            EventXml.Write(writer, item, watermarks);
        }

        writer.WriteEndElement();
    }

    private static void Success(XmlWriter writer, string operation, Action<XmlWriter> content)
    {
        StartFrame(writer, operation + "Response", operation + "ResponseMessage", "Success");
        writer.WriteElementString("m", "ResponseCode", M, "NoError");
        content(writer);
        EndFrame(writer);
    }

    private static void StartFrame(XmlWriter writer, string response, string message, string responseClass)
    {
        writer.WriteStartElement("m", response, M);
        writer.WriteAttributeString("xmlns", "t", null, T);
        writer.WriteStartElement("m", "ResponseMessages", M);
        writer.WriteStartElement("m", message, M);
        writer.WriteAttributeString("ResponseClass", responseClass);
    }

    private static void EndFrame(XmlWriter writer)
    {
        writer.WriteEndElement();
        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    /// <summary>Text, code and link key in the order that the schema and the reference client want; a sample page has another.</summary>
    private static void ErrorFrame(XmlWriter writer, EwsError error)
    {
        writer.WriteElementString("m", "MessageText", M, error.MessageText);
        writer.WriteElementString("m", "ResponseCode", M, error.ResponseCode);
        writer.WriteElementString("m", "DescriptiveLinkKey", M, "0");
        if (error.SubscriptionId is null && error.BackOff is null)
        {
            return;
        }

        writer.WriteStartElement("m", "MessageXml", M);
        if (error.SubscriptionId is not null)
        {
            Value(writer, "SubscriptionId", error.SubscriptionId);
        }

        if (error.BackOff is { } backOff)
        {
            Value(writer, "BackOffMilliseconds", XmlConvert.ToString((long)backOff.TotalMilliseconds));
        }

        writer.WriteEndElement();
    }

    private static void Value(XmlWriter writer, string name, string value)
    {
        writer.WriteStartElement("t", "Value", T);
        writer.WriteAttributeString("Name", name);
        writer.WriteString(value);
        writer.WriteEndElement();
    }
}
