using System.Net;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Relay.Smtp.Client;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;

namespace Relay.Client.Mail;

/// <summary>
/// Speaks SOAP by mail: sends requests, many at once if need be, finds each answer by its In-Reply-To whatever the order, and passes on
/// notifications, each once however often it is delivered. Thread-safe.
/// </summary>
/// <remarks>
/// A request goes through these steps: 1 its id is opened, 2 the mail is sent, 3 the answer's In-Reply-To names the id, or time runs out,
/// 4 the id is closed. What comes in without an open id is for the reader of <see cref="IncomingAsync"/>.
/// </remarks>
internal sealed class RelayMailClient : IAsyncDisposable
{
    private const int RepeatsRemembered = 10_000;

    private readonly RelayMailOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<string> _newId;
    private readonly RequestSender _sender;
    private readonly SubscriberListener? _listener;
    private readonly PendingRequests _pending = new();
    private readonly RecentIds _recent = new(RepeatsRemembered);
    private readonly Channel<IncomingMail> _incoming;
    private readonly Lock _incomingGate = new();

    private RelayMailClient(RelayMailOptions options, TimeProvider time, Func<string> newId, ILoggerFactory loggers)
    {
        _options = options;
        _time = time;
        _newId = newId;
        _sender = new RequestSender(options, time);
        _listener = options.Listen is { } listen ? new SubscriberListener(options, listen, TakeAsync, time, loggers) : null;
        _incoming = Channel.CreateUnbounded<IncomingMail>();
    }

    /// <summary>The watermarks seen so far; begin it with stored ones to notice what was lost while the program did not run.</summary>
    public NotificationChain Chain { get; } = new();

    /// <summary>Where we listen; null where we do not.</summary>
    public IPEndPoint? EndPoint => _listener?.EndPoint;

    /// <summary>Opens the listening port, so that no answer can come too early.</summary>
    /// <param name="options">Addresses, ports and times.</param>
    /// <param name="time">The clock.</param>
    /// <param name="newId">Gives a text for each Message-ID that never comes again, anywhere: letters, digits, dots and dashes.</param>
    /// <param name="loggers">Receives the listener's log.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="IOException">The listening port is taken.</exception>
    public static async Task<RelayMailClient> StartAsync(RelayMailOptions options, TimeProvider time, Func<string> newId,
        ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var client = new RelayMailClient(options, time, newId, loggers);
        if (client._listener is not null)
        {
            await client._listener.StartAsync(cancellationToken);
        }
        return client;
    }

    /// <summary>Sends a request and waits for its one answer.</summary>
    /// <returns>The answer, or why there is none; a timeout is a value, the caller's cancellation an exception.</returns>
    /// <exception cref="OperationCanceledException">The token fired; the request may have been sent.</exception>
    public async Task<RelayAnswer> AskAsync(RelayRequest request, CancellationToken cancellationToken)
    {
        await foreach (RelayAnswer answer in AskForManyAsync(request, cancellationToken))
        {
            return answer;
        }
        throw new InvalidOperationException("A request ends with a value.");
    }

    /// <summary>
    /// Sends a request that is answered several times (GetStreamingEvents). The stream has no end of its own: leave it at the answer that
    /// says it is the last one. It does end after an answer that is not <see cref="RelayAnswer.Answered"/>.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token fired; the request may have been sent.</exception>
    public async IAsyncEnumerable<RelayAnswer> AskForManyAsync(RelayRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string id = request.MessageId ?? NewId();
        ChannelReader<RelayAnswer> answers = _pending.Open(id); // 1
        try
        {
            DeliveryOutcome outcome = await _sender.SendAsync(id, request, cancellationToken); // 2
            if (outcome is not DeliveryOutcome.Delivered)
            {
                yield return new RelayAnswer.NotSent(outcome, id);
                yield break;
            }
            if (_listener is null)
            {
                yield return new RelayAnswer.NotAwaited(id);
                yield break;
            }
            RelayAnswer answer;
            do
            {
                answer = await NextAsync(id, answers, _options.AnswerTimeout + request.ExtraTime, cancellationToken); // 3
                yield return answer;
            }
            while (answer is RelayAnswer.Answered);
        }
        finally
        {
            _pending.Close(id); // 4
        }
    }

    /// <summary>Sends a mail that is not answered: a reply to a notification.</summary>
    public Task<DeliveryOutcome> SendAsync(RelayRequest request, CancellationToken cancellationToken) =>
        _sender.SendAsync(request.MessageId ?? NewId(), request, cancellationToken);

    /// <summary>What comes in unasked, in the order of arrival, each mail once. For one reader at a time.</summary>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public IAsyncEnumerable<IncomingMail> IncomingAsync(CancellationToken cancellationToken) =>
        _incoming.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Closes the listening port.</summary>
    public ValueTask DisposeAsync()
    {
        _incoming.Writer.TryComplete();
        return _listener?.DisposeAsync() ?? default;
    }

    private string NewId() => MessageId.Create(_newId(), _options.From.Domain);

    private async Task<RelayAnswer> NextAsync(string id, ChannelReader<RelayAnswer> answers, TimeSpan atMost,
        CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(atMost, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await answers.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new RelayAnswer.TimedOut(id, atMost);
        }
    }

    /// <summary>The reply to a mail's final dot: 250 once somebody has it or had it before, 451 where nobody can take it now.</summary>
    private ValueTask<SmtpReply> TakeAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        ReadMail mail = ReadMail.Of(content);
        if (mail.Id is not null && !_recent.TryAdd(mail.Id))
        {
            return new(ClientReplies.HadBefore);
        }
        if ((mail.Answers is { } request && _pending.TryAnswer(request, mail.AsAnswer())) || TryPassOn(mail))
        {
            return new(ClientReplies.Taken);
        }
        if (mail.Id is not null)
        {
            _recent.Forget(mail.Id);
        }
        return new(ClientReplies.NotNow);
    }

    /// <summary>Room is looked for first: a notification that we send back must not move the chain.</summary>
    private bool TryPassOn(ReadMail mail)
    {
        lock (_incomingGate)
        {
            return _options.TakesNotifications
                && _incoming.Reader.Count < _options.IncomingCapacity
                && _incoming.Writer.TryWrite(mail.AsIncoming(Chain));
        }
    }
}
