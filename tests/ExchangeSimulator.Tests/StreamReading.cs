using System.Text;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.ExchangeSimulator.Tests;

/// <summary>An open stream, read envelope by envelope.</summary>
internal sealed class StreamReading(HttpResponseMessage response) : IDisposable
{
    private readonly EwsEnvelopeSplitter _splitter = new();
    private readonly byte[] _buffer = new byte[4096];
    private Stream? _stream;

    public HttpResponseMessage Response => response;

    /// <summary>The next envelope as text; null at the end of the stream.</summary>
    public async Task<string?> NextTextAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        _stream ??= await response.Content.ReadAsStreamAsync(limit.Token);
        while (true)
        {
            if (_splitter.TryTake(out var envelope))
            {
                return Encoding.UTF8.GetString(envelope.Span);
            }

            var count = await _stream.ReadAsync(_buffer, limit.Token);
            if (count == 0)
            {
                return null;
            }

            _splitter.Append(_buffer.AsSpan(0, count));
        }
    }

    public async Task<EwsStreamMessage> NextAsync() =>
        Simulator.Success(EwsResponseReader.Stream(SafeXml.Load(await NextTextAsync() ?? throw new EndOfStreamException())));

    /// <summary>Reads messages until one satisfies; heartbeats and others are passed over.</summary>
    public async Task<EwsStreamMessage> UntilAsync(Func<EwsStreamMessage, bool> wanted)
    {
        while (true)
        {
            var message = await NextAsync();
            if (wanted(message))
            {
                return message;
            }
        }
    }

    public void Dispose() => response.Dispose();
}
