using System.Globalization;

namespace Relay.Operator;

/// <summary>Subscriptions as people read them.</summary>
internal static class SubscriptionText
{
    public static void List(TextWriter output, IReadOnlyList<SubscriptionReport> subscriptions, bool more, DateTimeOffset now)
    {
        if (subscriptions.Count == 0)
        {
            output.WriteLine("There is no such subscription.");
            return;
        }

        TextTable.Write(output, [["ID", "KIND", "STATE", "AGE", "ACTIVE", "MAILS", "MAILBOX", "FOLDERS", "OWNER", "REASON"], .. subscriptions.Select(one => Row(one, now))]);
        if (more)
        {
            output.WriteLine("There are more; --limit shows more of them.");
        }
    }

    public static void Show(TextWriter output, SubscriptionReport one, IReadOnlyList<QueuedMail> mails, DateTimeOffset now)
    {
        TextTable.Write(
            output,
            ["id", one.Id],
            ["kind", one.Kind],
            ["state", one.Reason is null ? one.State : $"{one.State}: {one.Reason}"],
            ["mailbox", one.Mailbox],
            ["folders", Folders(one)],
            ["events", string.Join(", ", one.Events)],
            ["owner", one.Owner],
            ["mails to", one.NotifyAddress],
            ["service", one.Service],
            ["period", string.Create(CultureInfo.InvariantCulture, $"{one.PeriodMinutes} minutes")],
            ["told in", one.Delivery ?? "each event"],
            ["made", Plain.Time(one.Created)],
            ["last activity", Plain.Time(one.LastActivity)],
            ["last mail", one.Sequence.ToString(CultureInfo.InvariantCulture)],
            ["watermark", one.Watermark],
            ["asked for by", one.RequestId ?? "-"]);
        if (mails.Count > 0)
        {
            output.WriteLine();
            TextTable.Write(output, [["ID", "MAIL", "STATE", "AGE", "TRIES", "LAST OUTCOME"], .. mails.Select(mail => Row(mail, now))]);
        }
    }

    private static string[] Row(SubscriptionReport one, DateTimeOffset now) =>
    [
        one.Id,
        one.Kind,
        one.State,
        Plain.Length(now - one.Created),
        $"{Plain.Length(now - one.LastActivity)} ago",
        one.Sequence.ToString(CultureInfo.InvariantCulture),
        one.Mailbox,
        Folders(one),
        one.Owner,
        one.Reason ?? "-",
    ];

    private static string[] Row(QueuedMail mail, DateTimeOffset now) =>
    [
        mail.Id,
        mail.Sequence?.ToString(CultureInfo.InvariantCulture) ?? "-",
        mail.State,
        Plain.Length(now - mail.Since),
        mail.Attempts.ToString(CultureInfo.InvariantCulture),
        mail.LastOutcome ?? "-",
    ];

    private static string Folders(SubscriptionReport one) => one.Folders.Count == 0 ? "all folders" : string.Join(",", one.Folders);
}
