using System.Xml.Linq;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Client.Tests;

/// <summary>What a relay says, written out, so that the client is held to the wire and not to our own writer.</summary>
internal static class Envelopes
{
    private static readonly XNamespace M = EwsNames.Messages;
    private static readonly XNamespace T = EwsNames.Types;

    public static byte[] Month(string text) => Wrap(new XElement("getMonthResponse", new XElement("month", text)));

    public static byte[] Fault(string reason) =>
        SoapWriter.WriteFault(SoapVersion.Soap11, [], new SoapFault(SoapFaultCode.Client, reason));

    public static byte[] Subscribed(string id, string? watermark) => Wrap(Response("Subscribe",
        new XElement(M + "SubscriptionId", id), watermark is null ? null : new XElement(M + "Watermark", watermark)));

    public static byte[] Unsubscribed() => Wrap(Response("Unsubscribe"));

    public static byte[] Events(string id, string previous, bool more, params XElement[] events) =>
        Wrap(Response("GetEvents", Notification(id, previous, more, events)));

    public static byte[] Push(string id, string previous, params XElement[] events) => Wrap(new XElement(M + "SendNotification",
        new XElement(M + "ResponseMessages", Message("SendNotification", Notification(id, previous, more: false, events)))));

    public static byte[] WithHeader(byte[] envelope, XElement block)
    {
        using var stream = new MemoryStream(envelope);
        XElement root = XElement.Load(stream);
        XNamespace soap = root.Name.Namespace;
        root.Element(soap + "Header")?.Remove();
        root.AddFirst(new XElement(soap + "Header", block));
        return System.Text.Encoding.UTF8.GetBytes(root.ToString(SaveOptions.DisableFormatting));
    }

    public static XElement Closed => new(M + "ConnectionStatus", "Closed");

    public static byte[] Refusal(string operation, string code, string text, params XElement[] more) =>
        Wrap(new XElement(M + $"{operation}Response", new XElement(M + "ResponseMessages", Error(operation, code, text, more))));

    public static byte[] Gap(string id) => Wrap(new XElement(M + "SendNotification", new XElement(M + "ResponseMessages",
        Error("SendNotification", "ErrorMissedNotificationEvents", "Events were missed.",
            new XElement(M + "MessageXml", new XElement(T + "Value", new XAttribute("Name", "SubscriptionId"), id))))));

    public static byte[] Stream(string? status, params XElement[] notifications) => Wrap(Response("GetStreamingEvents",
        notifications.Length == 0 ? null : new XElement(M + "Notifications", notifications),
        status is null ? null : new XElement(M + "ConnectionStatus", status)));

    public static XElement Notification(string id, string? previous, bool? more, params XElement[] events) => new(M + "Notification",
        new XElement(T + "SubscriptionId", id),
        previous is null ? null : new XElement(T + "PreviousWatermark", previous),
        more is null ? null : new XElement(T + "MoreEvents", more),
        events);

    public static XElement NewMail(string? watermark, string itemId) => new(T + "NewMailEvent",
        watermark is null ? null : new XElement(T + "Watermark", watermark),
        new XElement(T + "TimeStamp", "2026-03-02T09:00:00Z"),
        new XElement(T + "ItemId", new XAttribute("Id", itemId), new XAttribute("ChangeKey", "CQAAAA==")),
        new XElement(T + "ParentFolderId", new XAttribute("Id", "F1"), new XAttribute("ChangeKey", "AQAAAA==")));

    public static XElement Status(string watermark) => new(T + "StatusEvent", new XElement(T + "Watermark", watermark));

    public static byte[] Wrap(XElement body) => SoapWriter.Write(SoapVersion.Soap11, [], body);

    private static XElement Response(string operation, params XElement?[] content) => new(M + $"{operation}Response",
        new XElement(M + "ResponseMessages", Message(operation, content)));

    private static XElement Message(string operation, params XElement?[] content) => new(M + $"{operation}ResponseMessage",
        new XAttribute("ResponseClass", "Success"), new XElement(M + "ResponseCode", "NoError"), content);

    private static XElement Error(string operation, string code, string text, params XElement?[] more) => new(
        M + $"{operation}ResponseMessage", new XAttribute("ResponseClass", "Error"),
        new XElement(M + "MessageText", text), new XElement(M + "ResponseCode", code),
        new XElement(M + "DescriptiveLinkKey", 0), more);
}
