using System.Globalization;
using System.Text.Json.Nodes;
using Relay.Client.Mail;
using Relay.Wire.Ews;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Relay.Client.Commands;

/// <summary>An incoming mail as lines of text, as JSON, and as something nicer for a terminal.</summary>
internal static class IncomingView
{
    public static string Text(IncomingMail mail) => mail switch
    {
        IncomingMail.Notification notification => string.Join(Environment.NewLine,
            [Heading(notification), NotificationView.Text(notification.Content), .. notification.Items.Select(ToldItemView.Text), .. Warning(notification)]),
        IncomingMail.Trouble trouble => $"{trouble.Head.Subject}{Environment.NewLine}  {Trouble(trouble)}",
        IncomingMail.Answer answer => $"{answer.Head.Subject}{Environment.NewLine}{AnswerView.Text(answer.Envelope)}",
        IncomingMail.Other other => $"{other.Head.Subject}{Environment.NewLine}  {other.Reason}",
        _ => throw new ArgumentOutOfRangeException(nameof(mail)),
    };

    public static JsonObject Json(IncomingMail mail)
    {
        JsonObject fields = mail switch
        {
            IncomingMail.Notification notification => Json(notification),
            IncomingMail.Trouble trouble => new JsonObject
            {
                ["subscriptionId"] = trouble.SubscriptionId,
                ["error"] = trouble.Error.ResponseCode,
                ["gap"] = trouble.Period,
            },
            IncomingMail.Answer answer => AnswerView.Json(answer.Envelope),
            IncomingMail.Other other => new JsonObject { ["reason"] = other.Reason },
            _ => throw new ArgumentOutOfRangeException(nameof(mail)),
        };
        fields["messageId"] = mail.Head.MessageId;
        fields["subject"] = mail.Head.Subject;
        fields["inReplyTo"] = (mail as IncomingMail.Answer)?.InReplyTo;
        return fields;
    }

    /// <summary>A notification as a table; null for what is better told in words.</summary>
    public static IRenderable? Picture(IncomingMail mail)
    {
        if (mail is not IncomingMail.Notification { Content.Events: [{ Type: not MailboxEventType.Status }, ..] } notification)
        {
            return null;
        }
        var table = new Table { Title = new TableTitle(Markup.Escape(Heading(notification))), Border = TableBorder.Rounded };
        table.AddColumns("Event", "Time", "Object", "Id");
        foreach (MailboxEvent one in notification.Content.Events)
        {
            table.AddRow(new Text($"{one.Type}"), new Text(EventView.Time(one)), new Text(one.IsFolder ? "folder" : "item"),
                new Text(Short(one.Object.Id ?? "")));
        }
        return new Rows([table, .. notification.Items.Select(item => new Text(ToldItemView.Text(item))), .. Warning(notification).Select(warning => new Text(warning, new Style(Color.Red)))]);
    }

    // Ids of one mailbox begin alike: it is the end that tells them apart. Whoever needs them whole asks for JSON.
    private static string Short(string id) => id.Length <= 32 ? id : $"{id[..8]}…{id[^20..]}";

    private static JsonObject Json(IncomingMail.Notification notification)
    {
        JsonObject fields = NotificationView.Json(notification.Content);
        if (notification.Items.Count > 0)
        {
            fields["items"] = new JsonArray([.. notification.Items.Select(ToldItemView.Json)]);
        }
        fields["sequence"] = notification.Sequence;
        fields["caughtUp"] = notification.CaughtUp;
        fields["missingSince"] = (notification.Chain as ChainLink.Broken)?.LastSeen;
        return fields;
    }

    private static string Heading(IncomingMail.Notification notification)
    {
        string sequence = notification.Sequence is { } number ? string.Create(CultureInfo.InvariantCulture, $"  #{number}") : "";
        return $"{notification.Head.Subject}{sequence}{(notification.CaughtUp ? "  (caught up)" : "")}";
    }

    private static IEnumerable<string> Warning(IncomingMail.Notification notification) => notification.Chain is ChainLink.Broken broken
        ? ["  A notification before this one was lost. It comes back with: "
            + $"relay-client get-events {notification.Content.SubscriptionId} {broken.LastSeen}"]
        : [];

    private static string Trouble(IncomingMail.Trouble trouble) =>
        $"{trouble.Error.MessageText} ({trouble.Error.ResponseCode}){(trouble.Period is { } period ? $", {period}" : "")}";
}
