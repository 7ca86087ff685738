using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Relay.Wire.Mime;

/// <summary>The few parameters of a field, by name ignoring case. A list, since a hash table costs more than looking at three names.</summary>
internal sealed class ParameterList : IReadOnlyDictionary<string, string>
{
    // Many more than any field has; it bounds what looking for doubles costs.
    private const int MaxCount = 100;

    private KeyValuePair<string, string>[] _items = new KeyValuePair<string, string>[2];

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public IEnumerable<string> Keys => this.Select(item => item.Key);

    /// <inheritdoc/>
    public IEnumerable<string> Values => this.Select(item => item.Value);

    /// <inheritdoc/>
    public string this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(key);

    /// <summary>Adds a parameter; one of the same name that is there stays.</summary>
    public void TryAdd(string name, string value)
    {
        if (Count == MaxCount || IndexOf(name) >= 0)
        {
            return;
        }

        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        _items[Count++] = new(name, value);
    }

    /// <summary>Adds a parameter or puts it in the place of one of the same name.</summary>
    public void Set(string name, string value)
    {
        if (IndexOf(name) is var index and >= 0)
        {
            _items[index] = new(name, value);
        }
        else
        {
            TryAdd(name, value);
        }
    }

    /// <inheritdoc/>
    public bool ContainsKey(string key) => IndexOf(key) >= 0;

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        var index = IndexOf(key);
        value = index < 0 ? null : _items[index].Value;
        return index >= 0;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _items.Take(Count).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int IndexOf(string name)
    {
        for (var i = 0; i < Count; i++)
        {
            if (string.Equals(_items[i].Key, name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }
}
