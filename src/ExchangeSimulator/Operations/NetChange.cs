using Relay.ExchangeSimulator.Mailboxes;

namespace Relay.ExchangeSimulator.Operations;

/// <summary>
/// Folds the log of changes into the net change of each object. A page is the fold of a prefix of the log, so a client that goes on from
/// its end ends up right whatever happens in between.
/// </summary>
internal static class NetChange
{
    /// <summary>Folds the rows after a number.</summary>
    /// <param name="log">In rising order.</param>
    /// <param name="after">The client has seen everything up to here.</param>
    /// <param name="concerns">Which rows count.</param>
    /// <param name="most">How many objects at most.</param>
    /// <returns>The changes; up to where the client has then seen everything; whether there is more.</returns>
    public static (IReadOnlyList<(string Id, ObjectChangeKind Kind)> Changes, long SeenUpTo, bool More) Fold(
        List<ObjectChange> log, long after, Func<ObjectChange, bool> concerns, int most)
    {
        var order = new List<string>();
        var kinds = new Dictionary<string, ObjectChangeKind?>();
        var held = 0;
        for (var i = FirstAfter(log, after); i < log.Count; i++)
        {
            var row = log[i];
            if (concerns(row))
            {
                if (!kinds.TryGetValue(row.ObjectId, out var before))
                {
                    if (held >= most)
                    {
                        return (Result(), after, true);
                    }

                    order.Add(row.ObjectId);
                    kinds[row.ObjectId] = row.Kind;
                    held++;
                }
                else
                {
                    var then = Then(before, row.Kind);
                    held += (then is null ? 0 : 1) - (before is null ? 0 : 1);
                    kinds[row.ObjectId] = then;
                }
            }

            after = row.Number;
        }

        return (Result(), after, false);

        List<(string, ObjectChangeKind)> Result() =>
            [.. order.Where(id => kinds[id] is not null).Select(id => (id, kinds[id]!.Value))];
    }

    /// <summary>What two changes come to; null when the second undoes the first.</summary>
    private static ObjectChangeKind? Then(ObjectChangeKind? first, ObjectChangeKind second) => (first, second) switch
    {
        (ObjectChangeKind.Added, ObjectChangeKind.Removed) => null,
        (_, ObjectChangeKind.Removed) => ObjectChangeKind.Removed,
        (ObjectChangeKind.Added, _) => ObjectChangeKind.Added,
        (ObjectChangeKind.ReadFlag, ObjectChangeKind.ReadFlag) => ObjectChangeKind.ReadFlag,
        (null, _) => second,
        _ => ObjectChangeKind.Changed,
    };

    private static int FirstAfter(List<ObjectChange> log, long number)
    {
        var low = 0;
        var high = log.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = log[middle].Number <= number ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
