using System.Globalization;
using System.Text.Json.Nodes;
using Relay.Client.Mail;

namespace Relay.Client.Commands;

/// <summary>An incoming mail as lines of text and as JSON.</summary>
internal static class IncomingView
{
    public static string Text(IncomingMail mail) => mail switch
    {
        IncomingMail.Notification notification => string.Join(Environment.NewLine,
            [Heading(notification), NotificationView.Text(notification.Content), .. Warning(notification)]),
        IncomingMail.Trouble trouble => $"{trouble.Head.Subject}{Environment.NewLine}  {trouble.Error.MessageText} ({trouble.Error.ResponseCode}){Period(trouble)}",
        IncomingMail.Answer answer => $"{answer.Head.Subject}{Environment.NewLine}  the answer to {answer.InReplyTo}, which nobody here waits for",
        _ => $"{mail.Head.Subject}{Environment.NewLine}  {((IncomingMail.Other)mail).Reason}",
    };

    public static JsonObject Json(IncomingMail mail)
    {
        var fields = new JsonObject { ["messageId"] = mail.Head.MessageId, ["subject"] = mail.Head.Subject };
        switch (mail)
        {
            case IncomingMail.Notification notification:
                Add(fields, notification);
                break;
            case IncomingMail.Trouble trouble:
                fields["subscriptionId"] = trouble.SubscriptionId;
                fields["error"] = trouble.Error.ResponseCode;
                fields["gap"] = trouble.Period;
                break;
            case IncomingMail.Answer answer:
                fields["inReplyTo"] = answer.InReplyTo;
                break;
            case IncomingMail.Other other:
                fields["reason"] = other.Reason;
                break;
        }
        return fields;
    }

    private static void Add(JsonObject fields, IncomingMail.Notification notification)
    {
        fields["subscriptionId"] = notification.Content.SubscriptionId;
        fields["sequence"] = notification.Sequence;
        fields["previousWatermark"] = notification.Content.PreviousWatermark;
        fields["caughtUp"] = notification.CaughtUp;
        fields["missingSince"] = (notification.Chain as ChainLink.Broken)?.LastSeen;
        fields["events"] = new JsonArray([.. notification.Content.Events.Select(EventView.Json)]);
    }

    private static string Heading(IncomingMail.Notification notification)
    {
        string sequence = notification.Sequence is { } number ? string.Create(CultureInfo.InvariantCulture, $"  #{number}") : "";
        return $"{notification.Head.Subject}{sequence}{(notification.CaughtUp ? "  (caught up)" : "")}";
    }

    private static IEnumerable<string> Warning(IncomingMail.Notification notification) => notification.Chain is ChainLink.Broken broken
        ? [$"  Missing: a notification before this one was lost; it comes back with: relay-client get-events {notification.Content.SubscriptionId} {broken.LastSeen}"]
        : [];

    private static string Period(IncomingMail.Trouble trouble) => trouble.Period is null ? "" : $", {trouble.Period}";
}
