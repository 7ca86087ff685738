namespace Relay.Store.Segments;

/// <summary>Mails that are safe in segments and wait for their rows, in their order. Used from many threads.</summary>
internal sealed class SpoolBacklog
{
    /// <summary>Mails beyond which it is full.</summary>
    public const int MostMails = 16 * 1024;

    /// <summary>Octets of envelopes, which are held in memory, beyond which it is full: a mail may have a hundred recipients.</summary>
    public const long MostInMemory = 32 * 1024 * 1024;

    /// <summary>Octets in segments beyond which it is full: what a disk keeps in any case while rows cannot be made.</summary>
    public const long MostOnDisk = 256 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<LoggedMail> _mails = new();
    private long _inMemory;
    private long _onDisk;

    /// <summary>No more mail should be taken before rows are made.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate)
            {
                return _mails.Count >= MostMails || _inMemory >= MostInMemory || _onDisk >= MostOnDisk;
            }
        }
    }

    public void Add(IReadOnlyList<LoggedMail> mails)
    {
        lock (_gate)
        {
            foreach (var mail in mails)
            {
                _mails.Enqueue(mail);
                _inMemory += mail.EnvelopeOctets;
                _onDisk += mail.Octets;
            }
        }
    }

    /// <summary>The first so many; they stay.</summary>
    public List<LoggedMail> Peek(int atMost)
    {
        lock (_gate)
        {
            return [.. _mails.Take(atMost)];
        }
    }

    /// <summary>The first so many have their rows.</summary>
    public void Remove(int count)
    {
        lock (_gate)
        {
            for (var i = 0; i < count; i++)
            {
                var mail = _mails.Dequeue();
                _inMemory -= mail.EnvelopeOctets;
                _onDisk -= mail.Octets;
            }
        }
    }
}
