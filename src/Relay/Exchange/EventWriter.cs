using Relay.Store;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>Appends what a source was told to the event log, leaving out what the log tells already.</summary>
internal sealed class EventWriter(IStore store, TimeProvider time)
{
    /// <summary>One transaction for all of them. Returns how many were news.</summary>
    internal Task<int> AppendAsync(
        IReadOnlyList<(MailboxWatch Mailbox, IReadOnlyList<MailboxEvent> Events)> told, CancellationToken cancellationToken) =>
        store.CommitAsync(
            transaction =>
            {
                var appended = 0;
                foreach (var (mailbox, events) in told)
                {
                    var news = Recognition.News(transaction.Events, mailbox.MailboxId, events);
                    transaction.Events.Append(mailbox.MailboxId, news, caughtUp: false, time.GetUtcNow());
                    appended += news.Count;
                }

                return appended;
            },
            cancellationToken);
}
