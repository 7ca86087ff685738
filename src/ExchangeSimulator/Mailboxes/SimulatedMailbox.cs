namespace Relay.ExchangeSimulator.Mailboxes;

/// <summary>The folders, the event table and the change logs of one address. Touched only under the gate of the database.</summary>
internal sealed class SimulatedMailbox(string address, Guid id)
{
    private readonly List<EventTableEntry> _events = [];
    private int _trimmed;

    public string Address { get; } = address;

    public Guid Id { get; } = id;

    /// <summary>Distinguished folders by name.</summary>
    public Dictionary<string, SimulatedFolder> Distinguished { get; } = [];

    /// <summary>All folders, parents before children.</summary>
    public List<SimulatedFolder> Folders { get; } = [];

    public List<ObjectChange> ItemChanges { get; } = [];

    public List<ObjectChange> FolderChanges { get; } = [];

    /// <summary>Called after each event; rings whoever waits for one.</summary>
    public event Action? EventLogged;

    /// <summary>The newest event that is no longer held; 0 while all are.</summary>
    public long ForgottenUpTo { get; private set; }

    public long LastEvent => _events.Count > 0 ? _events[^1].Counter : ForgottenUpTo;

    public void Log(EventTableEntry entry)
    {
        _events.Add(entry);
        EventLogged?.Invoke();
    }

    /// <summary>Forgets the oldest events.</summary>
    /// <param name="mostHeld">How many may stay.</param>
    /// <param name="oldest">Events before this time go too.</param>
    public void Trim(int mostHeld, DateTimeOffset oldest)
    {
        while (_trimmed < _events.Count
            && (_events.Count - _trimmed > mostHeld || _events[_trimmed].Event.TimeStamp < oldest))
        {
            ForgottenUpTo = _events[_trimmed].Counter;
            _trimmed++;
        }

        // Cut in large pieces: removing one at a time from the front would be quadratic.
        if (_trimmed > 1024 && _trimmed > _events.Count / 2)
        {
            _events.RemoveRange(0, _trimmed);
            _trimmed = 0;
        }
    }

    /// <summary>Forgets all events, as if they had aged out.</summary>
    public void ForgetEvents() => Trim(0, DateTimeOffset.MaxValue);

    /// <summary>The events after a counter, oldest first.</summary>
    public IEnumerable<EventTableEntry> EventsAfter(long counter)
    {
        var low = _trimmed;
        var high = _events.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _events[middle].Counter <= counter ? (middle + 1, high) : (low, middle);
        }

        for (; low < _events.Count; low++)
        {
            yield return _events[low];
        }
    }
}
