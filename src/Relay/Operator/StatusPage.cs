using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Relay.Store;

namespace Relay.Operator;

/// <summary>The page at <c>/</c>: how the relay stands, for people. Made here, without script and without anything from elsewhere.</summary>
internal static class StatusPage
{
    private const string Style = """
        :root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:72rem;margin:0 auto;padding:1rem}
        table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid color-mix(in srgb,currentColor 25%,transparent);vertical-align:top;overflow-wrap:anywhere}
        h2{margin:1.5rem 0 .25rem}.bad{font-weight:bold}
        """;

    /// <summary>Nothing may be loaded or run but the one style sheet that stands in the page.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static string Render(StatusReader reader, DateTimeOffset now)
    {
        var (spool, outbox, subscriptions, head, gaps) = reader.Read();
        var (watched, live) = reader.Watching();
        var smarthosts = reader.Smarthosts();
        var page = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Relay</title><style>")
            .Append(Style).Append("</style></head>\n<body><main><h1>Relay</h1>\n");
        page.Append(CultureInfo.InvariantCulture, $"<p>As of <time datetime=\"{now:o}\">{Plain.Time(now)}</time>. Reload to ask again.</p>\n");
        Table(page, "Health", ["what", "how it stands"],
        [
            ["store", "ready"],
            .. smarthosts.Select(smarthost => (string[])[$"smarthost {smarthost.Name}", smarthost.Failure is null ? "ready, or not asked yet" : $"away: {smarthost.Failure}"]),
            ["Exchange", string.Create(CultureInfo.InvariantCulture, $"{live} of {watched} watched mailboxes live")],
        ]);
        Table(page, "Queues", ["queue", "waiting", "in hand", "failed", "oldest"], [Queue("received mails", spool, now), Queue("outgoing mails", outbox, now)]);
        Table(page, "Subscriptions", ["state", "number"], [.. Enum.GetValues<SubscriptionState>().Where(state => state != SubscriptionState.Ended)
            .Select(state => (string[])[$"{state}".ToLowerInvariant(), Number(subscriptions.GetValueOrDefault(state))])]);
        Table(page, "Oldest open mails", ["id", "kind", "state", "age", "tries", "from", "to", "last outcome"], [.. head.Select(mail => (string[])
            [mail.Id, mail.Kind, mail.State, Plain.Length(now - mail.Since), Number(mail.Attempts), mail.From ?? "<>", string.Join(", ", mail.To), mail.LastOutcome ?? ""])]);
        Table(page, "Latest gaps", ["mailbox", "from", "to", "why"], [.. gaps.Select(gap => (string[])
            [gap.Mailbox, gap.Gap.From is { } from ? Plain.Time(from) : "not known", Plain.Time(gap.Gap.To), gap.Gap.Reason])]);
        return page.Append("</main></body></html>\n").ToString();
    }

    private static string[] Queue(string name, QueueCounts counts, DateTimeOffset now) =>
        [name, Number(counts.Waiting), Number(counts.Claimed), Number(counts.Failed), counts.OldestAt is { } oldest ? Plain.Length(now - oldest) : "-"];

    private static void Table(StringBuilder page, string title, string[] columns, IReadOnlyList<string[]> rows)
    {
        string id = title.ToLowerInvariant().Replace(' ', '-');
        page.Append(CultureInfo.InvariantCulture, $"<section aria-labelledby=\"{id}\"><h2 id=\"{id}\">{Text(title)}</h2>\n");
        if (rows.Count == 0)
        {
            page.Append("<p>None.</p></section>\n");
            return;
        }

        page.Append("<table><thead><tr>");
        foreach (string column in columns)
        {
            page.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\">{Text(column)}</th>");
        }

        page.Append("</tr></thead><tbody>\n");
        foreach (string[] row in rows)
        {
            page.Append("<tr>");
            for (int i = 0; i < row.Length; i++)
            {
                page.Append(i == 0 ? "<th scope=\"row\">" : "<td>").Append(Text(row[i])).Append(i == 0 ? "</th>" : "</td>");
            }

            page.Append("</tr>\n");
        }

        page.Append("</tbody></table></section>\n");
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(string text) => WebUtility.HtmlEncode(Plain.Clean(text));
}
