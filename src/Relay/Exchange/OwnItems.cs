using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>Which items of a batch of events are mail that the relay made. An item that moves within the batch is one, whatever its id.</summary>
internal sealed class OwnItems(IReadOnlyList<MailboxEvent> events)
{
    /// <summary>How long after an item a change of its folder may come; others in between end it.</summary>
    private static readonly TimeSpan FolderFollows = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, string> _movedTo = events
        .Where(item => item is { Type: MailboxEventType.Moved, IsFolder: false, OldObject: not null })
        .DistinctBy(item => item.OldObject!.Value.Id).ToDictionary(item => item.OldObject!.Value.Id, item => item.Object.Id, StringComparer.Ordinal);

    private readonly HashSet<string> _own = new(StringComparer.Ordinal);

    /// <summary>Items that are known as own already; returns how many.</summary>
    internal int Inherit(Predicate<string> isKnown)
    {
        var ids = events.Where(item => !item.IsFolder).SelectMany(item => new[] { item.Object.Id, item.OldObject?.Id }).OfType<string>();
        Learn(ids.Distinct(StringComparer.Ordinal).Where(id => isKnown(id)).ToList());
        return _own.Count;
    }

    /// <summary>New items of which nothing is known, by the ids that they have now.</summary>
    internal IEnumerable<string> Unknown() => events
        .Where(item => !item.IsFolder && item.Type is MailboxEventType.Created or MailboxEventType.NewMail or MailboxEventType.Copied)
        .Select(item => Now(item.Object.Id)).Distinct(StringComparer.Ordinal).Where(id => !_own.Contains(id));

    internal void Learn(IEnumerable<string> own) => _own.UnionWith(own.Select(Now));

    /// <summary>Those of the events that are about own mail.</summary>
    /// <param name="folders">Folders whose last item was own, and when; kept from one batch to the next.</param>
    /// <param name="now">By our clock.</param>
    internal IEnumerable<MailboxEvent> Mark(Dictionary<string, DateTimeOffset> folders, DateTimeOffset now)
    {
        var own = new List<MailboxEvent>();
        lock (folders)
        {
            foreach (var item in events)
            {
                if (item.IsFolder ? Follows(item, folders, now) : IsOwn(item, folders, now))
                {
                    own.Add(item);
                }
            }
        }

        return own;
    }

    private bool IsOwn(MailboxEvent item, Dictionary<string, DateTimeOffset> folders, DateTimeOffset now)
    {
        var isOwn = _own.Contains(Now(item.Object.Id));
        foreach (var folder in new[] { item.ParentFolder.Id, item.OldParentFolder?.Id }.OfType<string>())
        {
            if (isOwn)
            {
                folders[folder] = now;
            }
            else
            {
                folders.Remove(folder);
            }
        }

        return isOwn;
    }

    private static bool Follows(MailboxEvent folder, Dictionary<string, DateTimeOffset> folders, DateTimeOffset now) =>
        folder.Type == MailboxEventType.Modified && folders.TryGetValue(folder.Object.Id, out var last) && now - last < FolderFollows;

    private string Now(string id)
    {
        // Ends: each id is left once, and a batch is short.
        for (var moves = 0; moves < _movedTo.Count && _movedTo.TryGetValue(id, out var next); moves++)
        {
            id = next;
        }

        return id;
    }
}
