using System.Xml;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>An open GetStreamingEvents response: many envelopes in one answer, read one by one until it ends or falls silent.</summary>
internal sealed class EventStream(HttpOutcome.Opened opened, ExchangeOptions options, TimeProvider time) : IAsyncDisposable
{
    private readonly EwsEnvelopeSplitter _splitter = new(options.MaxAnswerBytes);
    private readonly byte[] _chunk = new byte[16 * 1024];

    /// <summary>The next envelope; the stream is of no use after anything but <see cref="StreamRead.Message"/>.</summary>
    internal async Task<StreamRead> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            ReadOnlyMemory<byte> envelope;
            while (!_splitter.TryTake(out envelope))
            {
                if (_splitter.IsTooLong)
                {
                    return new StreamRead.Broken($"An envelope of the stream is longer than {options.MaxAnswerBytes} octets.");
                }

                if (await FillAsync(cancellationToken) is { } end)
                {
                    return end;
                }
            }

            return Read(envelope);
        }
        catch (Exception failure) when (ExchangeHttp.IsNetworkTrouble(failure, cancellationToken))
        {
            return new StreamRead.Broken(ExchangeHttp.Describe(failure));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await opened.Body.DisposeAsync();
        opened.Response.Dispose();
    }

    /// <summary>
    /// Reads what is there. The watchdog is ours: the content stream of an HTTP answer has no timeout of its own, and a connection that died
    /// without a word is silent like one on which nothing happens, except for the heartbeats.
    /// </summary>
    private async Task<StreamRead?> FillAsync(CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(options.SilenceLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            var read = await opened.Body.ReadAsync(_chunk, both.Token);
            _splitter.Append(_chunk.AsSpan(0, read));
            return read == 0 ? new StreamRead.Broken("The stream ended without saying so.") : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new StreamRead.Broken($"The stream was silent for {options.SilenceLimit}.");
        }
    }

    private static StreamRead Read(ReadOnlyMemory<byte> envelope)
    {
        try
        {
            return EwsResponseReader.Stream(EwsXml.Load(envelope)) switch
            {
                EwsResult<EwsStreamMessage>.Success success => new StreamRead.Message(success.Value),
                EwsResult<EwsStreamMessage>.Error error => new StreamRead.Message(new EwsStreamMessage(error.Problem, [], [], ConnectionStatus.Closed)),
                EwsResult<EwsStreamMessage>.Unreadable unreadable => new StreamRead.Broken(unreadable.Sentence),
                _ => throw new InvalidOperationException("The three results are the only ones."),
            };
        }
        catch (XmlException broken)
        {
            return new StreamRead.Broken($"An envelope of the stream is no XML: {broken.Message}");
        }
    }
}
