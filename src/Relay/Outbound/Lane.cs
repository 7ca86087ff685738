using Relay.Store;

namespace Relay.Outbound;

/// <summary>
/// The mails to one domain that are in hand. How many may be under way at once starts at one, grows with each that is taken and is halved by
/// each that is deferred, so that a domain in trouble costs one connection, and one in health all of them.
/// </summary>
internal sealed class Lane
{
    // What one try that came to nothing says of the time since the one before: between two that lie further apart nobody asked.
    private static readonly TimeSpan LongestBetween = TimeSpan.FromHours(1);

    // Longer than any wait between two tries of one mail (RetrySchedule): nobody tried at all, and what was found before says nothing of the mails since.
    private static readonly TimeSpan Untried = TimeSpan.FromHours(6);

    private readonly Queue<OutboxMail> _answers = new();
    private readonly Queue<OutboxMail> _notifications = new();
    private double _window = 1;
    private DateTimeOffset? _hungAt;

    public int InFlight { get; private set; }

    public int Waiting => _answers.Count + _notifications.Count;

    /// <summary>When the last mail began or ended.</summary>
    public DateTimeOffset ChangedAt { get; private set; }

    /// <summary>Nothing is begun before.</summary>
    public DateTimeOffset RestsUntil { get; private set; }

    /// <summary>For how long it was tried again and again and hung, since it last took or judged a mail, or was not tried for hours.</summary>
    public TimeSpan HungFor { get; private set; }

    public int Window => (int)_window;

    public int Count(OutboxKind kind) => Of(kind).Count;

    public void Add(OutboxMail mail) => Of(mail.Kind).Enqueue(mail);

    public OutboxMail Begin(OutboxKind kind, DateTimeOffset now)
    {
        InFlight++;
        ChangedAt = now;
        return Of(kind).Dequeue();
    }

    public void Delivered(int most, DateTimeOffset now)
    {
        End(now);
        _window = Math.Min(most, _window + (1 / _window));
        _hungAt = null;
        HungFor = TimeSpan.Zero;
    }

    /// <summary>It said "later".</summary>
    public void Deferred(DateTimeOffset now)
    {
        End(now);
        _window = Math.Max(1, _window / 2);
    }

    /// <summary>It said nothing at all, or "later" after too long: it is left alone for a while. Returns what waited for it.</summary>
    public IReadOnlyList<OutboxMail> Hung(DateTimeOffset now, TimeSpan rest)
    {
        End(now);
        _window = 1;
        var since = now - (_hungAt ?? now);
        HungFor = since > Untried ? TimeSpan.Zero : HungFor + (since < LongestBetween ? since : LongestBetween);
        _hungAt = now;
        RestsUntil = now + rest;
        return TakeAll();
    }

    /// <summary>Neither praise nor blame.</summary>
    public void End(DateTimeOffset now)
    {
        InFlight--;
        ChangedAt = now;
    }

    public IReadOnlyList<OutboxMail> TakeAll()
    {
        OutboxMail[] all = [.. _answers, .. _notifications];
        _answers.Clear();
        _notifications.Clear();
        return all;
    }

    private Queue<OutboxMail> Of(OutboxKind kind) => kind == OutboxKind.Answer ? _answers : _notifications;
}
