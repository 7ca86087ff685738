namespace Relay.Client.Mail;

/// <summary>The last Message-IDs seen, so that a repeat is recognised. Thread-safe; memory is bounded by the capacity.</summary>
/// <param name="capacity">Ids remembered, 1 or more; the oldest is forgotten first.</param>
internal sealed class RecentIds(int capacity)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly LinkedList<string> _order = [];
    private readonly Lock _gate = new();

    /// <returns>False where the id is known already: the mail is a repeat.</returns>
    public bool TryAdd(string id)
    {
        lock (_gate)
        {
            if (!_known.Add(id))
            {
                return false;
            }
            _order.AddLast(id);
            if (_order.Count > capacity)
            {
                _known.Remove(_order.First!.Value);
                _order.RemoveFirst();
            }
            return true;
        }
    }

    /// <summary>Takes back the last <see cref="TryAdd"/> of a mail that was then not accepted: its next delivery is no repeat.</summary>
    public void Forget(string id)
    {
        lock (_gate)
        {
            // From the end: what is taken back was added a moment ago.
            if (_known.Remove(id))
            {
                _order.Remove(_order.FindLast(id)!);
            }
        }
    }
}
