using System.Globalization;

namespace Relay.Operator;

/// <summary>Queues as people read them.</summary>
internal static class QueueText
{
    public static void List(TextWriter output, IReadOnlyList<QueuedMail> mails, int all, DateTimeOffset now)
    {
        if (mails.Count == 0)
        {
            output.WriteLine("The queues are empty.");
            return;
        }

        TextTable.Write(output, [["ID", "KIND", "STATE", "AGE", "TRIES", "FROM", "TO", "NEXT", "LAST OUTCOME"], .. mails.Select(mail => Row(mail, now))]);
        if (all > mails.Count)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{all - mails.Count} more; --limit shows more of them."));
        }
    }

    public static void Show(TextWriter output, QueuedMailDetails details, bool body)
    {
        var mail = details.Mail;
        TextTable.Write(
            output,
            ["id", mail.Id],
            ["kind", mail.Kind],
            ["state", mail.State],
            ["since", Plain.Time(mail.Since)],
            ["from", mail.From is null ? "<>" : mail.From],
            ["to", string.Join(", ", mail.To)],
            ["size", string.Create(CultureInfo.InvariantCulture, $"{mail.Bytes} octets")],
            ["message id", mail.MessageId],
            ["subscription", mail.Subscription is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{mail.Subscription}, mail {mail.Sequence}")],
            ["attempts", mail.Attempts.ToString(CultureInfo.InvariantCulture)],
            ["next try", mail.NextTry is { } next ? Plain.Time(next) : "-"],
            ["last outcome", mail.LastOutcome ?? "-"]);
        foreach (var failure in details.Failures)
        {
            output.WriteLine($"  {Plain.Time(failure.At)}  {Plain.Clean(failure.Note)}");
        }

        output.WriteLine();
        foreach (var (name, value) in details.Fields())
        {
            output.WriteLine(Plain.Clean($"{name}: {value}"));
        }

        if (details.Content is null)
        {
            output.WriteLine("Its content is no longer kept.");
        }
        else if (body)
        {
            output.WriteLine();
            foreach (string line in details.Body().Split("\r\n"))
            {
                output.WriteLine(Plain.Clean(line));
            }
        }
    }

    private static string[] Row(QueuedMail mail, DateTimeOffset now) =>
    [
        mail.Id,
        mail.Kind,
        mail.State,
        Plain.Length(now - mail.Since),
        mail.Attempts.ToString(CultureInfo.InvariantCulture),
        mail.From ?? "<>",
        string.Join(",", mail.To),
        mail.NextTry is { } next ? $"in {Plain.Length(next - now)}" : "-",
        mail.LastOutcome ?? "-",
    ];
}
