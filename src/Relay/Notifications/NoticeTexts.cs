namespace Relay.Notifications;

/// <summary>What a person reads in mails about a subscription rather than of one.</summary>
internal static class NoticeTexts
{
    public static string Reminder(string mailbox, string until) =>
        $"""
        Your subscription to events of {mailbox} ends at {until} unless you renew it.

        To renew it, reply to this mail; what you write does not matter. A program sends SendNotificationResult with OK, as a reply to this or
        any other notification of the subscription. To let it end, do nothing.

        """.ReplaceLineEndings("\r\n");

    public static string End(string mailbox, string reason) =>
        $"""
        Your subscription to events of {mailbox} has ended: {reason}.

        Nothing more is mailed for it. To hear of events again, send a new Subscribe; with the last watermark that you have, it begins where this
        one ended.

        """.ReplaceLineEndings("\r\n");
}
