using System.Net;
using System.Net.Sockets;

namespace Relay.TestKit.Mail;

/// <summary>
/// A mail server for tests of senders, on a plain socket and deliberately sharing no code with the product: what both sides of one
/// codebase misunderstand alike would otherwise go unseen. It speaks SMTP strictly, records every mail, notes what a sender does
/// wrong (<see cref="Complaints"/>), and misbehaves on order.
/// </summary>
public sealed class RecordingMailServer : IAsyncDisposable
{
    private const int TranscriptLines = 5_000;

    private readonly RecordingMailServerOptions _options;
    private readonly Lock _gate = new();
    private readonly List<RecordedMail> _mails = [];
    private readonly List<string> _complaints = [];
    private readonly Queue<string> _transcript = new();
    private readonly Dictionary<MailServerStage, Queue<MailServerOrder>> _next = [];
    private readonly Dictionary<MailServerStage, MailServerOrder> _always = [];
    private readonly Dictionary<string, MailServerOrder> _recipients = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<int, Task> _sessions = [];
    private CancellationTokenSource _stop = new();
    private Task _accepting = Task.CompletedTask;
    private int _connections;

    private RecordingMailServer(RecordingMailServerOptions options) => _options = options;

    public int Port { get; private set; }

    /// <summary>Connections made so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public int OpenConnections => Copy(() => _sessions.Count);

    /// <summary>Every mail whose final dot was read, whatever was answered.</summary>
    public IReadOnlyList<RecordedMail> Mails => Copy(() => _mails.ToArray());

    /// <summary>What a sender did that the standard forbids, one sentence each.</summary>
    public IReadOnlyList<string> Complaints => Copy(() => _complaints.ToArray());

    /// <summary>The latest lines, "2 C: MAIL FROM:&lt;a@b&gt;", content left out.</summary>
    public string Transcript => Copy(() => string.Join('\n', _transcript));

    public static RecordingMailServer Start(RecordingMailServerOptions? options = null)
    {
        var server = new RecordingMailServer(options ?? new RecordingMailServerOptions());
        server.Port = server._options.Port;
        server.Listen();
        return server;
    }

    /// <summary>At the next so many times that a dialogue comes to this stage.</summary>
    public void Next(MailServerStage stage, MailServerOrder order, int times = 1)
    {
        lock (_gate)
        {
            Queue<MailServerOrder> queue = _next.TryGetValue(stage, out Queue<MailServerOrder>? known) ? known : _next[stage] = new();
            for (int time = 0; time < times; time++)
            {
                queue.Enqueue(order);
            }
        }
    }

    /// <summary>Until told otherwise; null agrees again.</summary>
    public void Always(MailServerStage stage, MailServerOrder? order) => Set(_always, stage, order);

    /// <summary>For one recipient, until told otherwise; null agrees again.</summary>
    public void ForRecipient(string address, MailServerOrder? order) => Set(_recipients, address, order);

    /// <summary>The first accepted mail that fits, waiting for it.</summary>
    public async Task<RecordedMail> MailAsync(Func<RecordedMail, bool> which, string what, TimeSpan? within = null)
    {
        try
        {
            return await Eventually.ValueAsync(() => Mails.FirstOrDefault(mail => mail.IsAccepted && which(mail)), what, within);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message} The server heard:\n{Transcript}", late);
        }
    }

    /// <summary>The accepted mails, once there are at least so many.</summary>
    public async Task<IReadOnlyList<RecordedMail>> MailsAsync(int atLeast, TimeSpan? within = null)
    {
        IReadOnlyList<RecordedMail> Accepted() => [.. Mails.Where(mail => mail.IsAccepted)];
        try
        {
            await Eventually.TrueAsync(() => Accepted().Count >= atLeast, $"{atLeast} mails accepted", within);
            return Accepted();
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message} The server heard:\n{Transcript}", late);
        }
    }

    /// <summary>Goes away: nobody listens any more and open connections are reset.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        await Task.WhenAll(Copy(() => _sessions.Values.ToArray()));
    }

    /// <summary>Comes back on the same port, with the mails recorded before.</summary>
    public void Restart()
    {
        _stop.Dispose();
        _stop = new CancellationTokenSource();
        Listen();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    internal MailServerOrder? OrderAt(MailServerStage stage, string? recipient)
    {
        lock (_gate)
        {
            if (recipient is not null && _recipients.TryGetValue(recipient, out MailServerOrder? forRecipient))
            {
                return forRecipient;
            }

            if (_next.TryGetValue(stage, out Queue<MailServerOrder>? queue) && queue.TryDequeue(out MailServerOrder? next))
            {
                return next;
            }

            return _always.TryGetValue(stage, out MailServerOrder? always) ? always : _options.Mood?.Invoke(stage);
        }
    }

    internal void Record(Func<int, RecordedMail> numbered)
    {
        lock (_gate)
        {
            _mails.Add(numbered(_mails.Count + 1));
        }
    }

    internal void Complain(string sentence)
    {
        lock (_gate)
        {
            _complaints.Add(sentence);
        }
    }

    internal void Note(string line)
    {
        lock (_gate)
        {
            _transcript.Enqueue(line);
            if (_transcript.Count > TranscriptLines)
            {
                _transcript.Dequeue();
            }
        }
    }

    private void Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(listener, _stop.Token);
    }

    private async Task AcceptAsync(TcpListener listener, CancellationToken stop)
    {
        using (listener)
        {
            while (true)
            {
                try
                {
                    Socket socket = await listener.AcceptSocketAsync(stop);
                    int number = Interlocked.Increment(ref _connections);
                    lock (_gate)
                    {
                        _sessions[number] = Task.Run(() => ServeAsync(socket, number, stop), CancellationToken.None);
                    }
                }
                catch (OperationCanceledException)
                {
                    // Told to stop.
                    return;
                }
            }
        }
    }

    private async Task ServeAsync(Socket socket, int number, CancellationToken stop)
    {
        try
        {
            await using var session = new MailServerSession(this, _options, socket, number);
            await session.RunAsync(stop);
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
        {
            Note($"{number} -: {gone.Message}");
        }
        finally
        {
            lock (_gate)
            {
                _sessions.Remove(number);
            }
        }
    }

    private void Set<TKey>(Dictionary<TKey, MailServerOrder> orders, TKey key, MailServerOrder? order)
        where TKey : notnull
    {
        lock (_gate)
        {
            if (order is null)
            {
                orders.Remove(key);
            }
            else
            {
                orders[key] = order;
            }
        }
    }

    private T Copy<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }
}
