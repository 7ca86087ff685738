using System.Xml.Linq;
using Relay.ExchangeSimulator.Operations;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Http;

/// <summary>The bodies of a stream, in Exchange's form or in one of the dialects.</summary>
internal static class StreamMessages
{
    private static readonly XNamespace M = EwsNames.Messages;
    private static readonly XNamespace T = EwsNames.Types;

    public static XElement Status(ConnectionStatus status) =>
        ResponseFrame.Written(writer => EwsResponseWriter.StreamingStatus(writer, status));

    public static XElement Error(EwsError error, IReadOnlyCollection<string> ids, ConnectionStatus status, SimulatorDialect dialect)
    {
        var body = ResponseFrame.Written(writer => EwsResponseWriter.StreamingError(writer, error, ids, status));
        if (dialect.ErrorIdsInTypes)
        {
            Rename(body.Descendants(M + "SubscriptionId"), T + "SubscriptionId");
        }

        return body;
    }

    public static XElement Events(IReadOnlyList<EwsNotification> notifications, SimulatorDialect dialect)
    {
        var body = ResponseFrame.Written(writer => EwsResponseWriter.StreamingEvents(writer, notifications));
        if (dialect.MoreEventsInStreams)
        {
            foreach (var (element, notification) in body.Descendants(M + "Notification").Zip(notifications))
            {
                element.Element(T + "SubscriptionId")!.AddAfterSelf(new XElement(T + "MoreEvents", notification.MoreEvents == true));
            }
        }

        if (dialect.NotificationInTypes)
        {
            Rename(body.Descendants(M + "Notification"), T + "Notification");
        }

        if (dialect.CombinedMessages)
        {
            body.Descendants(M + "Notifications").Single()
                .AddAfterSelf(new XElement(M + "ErrorSubscriptionIds"), new XElement(M + "ConnectionStatus", "OK"));
        }

        return body;
    }

    private static void Rename(IEnumerable<XElement> elements, XName name)
    {
        foreach (var element in elements.ToArray())
        {
            element.Name = name;
        }
    }
}
