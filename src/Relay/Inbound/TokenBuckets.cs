namespace Relay.Inbound;

/// <summary>
/// How much each of many has used up lately: a bucket holds what it may take in a minute, and fills again steadily within one. Used from many threads.
/// </summary>
/// <remarks>
/// Of a bucket is kept when it will be full again; from then on it says nothing and is forgotten. Nothing runs by itself: whoever is new looks at a few
/// that were there before, so that none costs more than a few accesses of the table.
/// </remarks>
/// <param name="most">
/// Buckets that are remembered. When there are as many, one that is nearly full goes: others may then take a little more than their limit. To refuse
/// whoever is new instead would let a flood from many addresses shut out everybody.
/// </param>
/// <param name="time">The wall clock: set back, it leaves every bucket empty at the most, and that for a minute.</param>
internal sealed class TokenBuckets<TKey>(int most, TimeProvider time)
    where TKey : notnull
{
    private const long Whole = TimeSpan.TicksPerMinute;

    /// <summary>More than one, or the table would not shrink while new ones come.</summary>
    private const int LookedAt = 4;

    private readonly Dictionary<TKey, long> _fullAt = [];

    // Every key of the table once, in the order in which they are looked at.
    private readonly Queue<TKey> _turns = new();
    private readonly Lock _lock = new();

    /// <summary>Buckets that are kept just now.</summary>
    public int Remembered
    {
        get
        {
            lock (_lock)
            {
                return _fullAt.Count;
            }
        }
    }

    /// <summary>Takes one; false, and nothing taken, where there is none.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="perMinute">What its bucket holds, 1 or more.</param>
    public bool TryTake(TKey key, int perMinute)
    {
        long now = time.GetUtcNow().Ticks;
        lock (_lock)
        {
            bool isKnown = _fullAt.TryGetValue(key, out long noted);
            long fullAt = isKnown ? Math.Clamp(noted, now, now + Whole) : now;
            bool isThere = fullAt + (Whole / perMinute) <= now + Whole;
            if (!isKnown)
            {
                MakeRoom(now);
                _turns.Enqueue(key);
            }

            _fullAt[key] = isThere ? fullAt + (Whole / perMinute) : fullAt;
            return isThere;
        }
    }

    /// <summary>What was taken was not used.</summary>
    /// <param name="key">As it was taken.</param>
    /// <param name="perMinute">Likewise.</param>
    public void GiveBack(TKey key, int perMinute)
    {
        lock (_lock)
        {
            if (_fullAt.TryGetValue(key, out long noted))
            {
                _fullAt[key] = noted - (Whole / perMinute);
            }
        }
    }

    private void MakeRoom(long now)
    {
        (TKey Key, long At)? fullest = null;
        for (int left = Math.Min(LookedAt, _turns.Count); left > 0; left--)
        {
            var key = _turns.Dequeue();
            long at = Math.Min(_fullAt[key], now + Whole);
            if (at <= now)
            {
                _fullAt.Remove(key);
            }
            else if (fullest is not { } other)
            {
                fullest = (key, at);
            }
            else
            {
                _turns.Enqueue(at < other.At ? other.Key : key);
                fullest = at < other.At ? (key, at) : other;
            }
        }

        if (fullest is { } one && _fullAt.Count < most)
        {
            _turns.Enqueue(one.Key);
        }
        else if (fullest is { } gone)
        {
            _fullAt.Remove(gone.Key);
        }
    }
}
