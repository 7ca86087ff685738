using System.IO.Compression;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Relay.ExchangeSimulator.Faults;

namespace Relay.ExchangeSimulator.Http;

/// <summary>
/// Writes envelopes to a stream: each in one write, and not too soon after the one before, since some clients build a new reader for each
/// and lose what arrived together with the last. Faults on order break these rules.
/// </summary>
internal sealed class StreamWriter(HttpContext http, ExchangeSimulatorOptions options, FaultPlan faults, TimeProvider time, bool compress)
    : IAsyncDisposable
{
    private const string Operation = "GetStreamingEvents";

    private readonly Stream _body = compress
        ? new GZipStream(http.Response.Body, CompressionLevel.Fastest, leaveOpen: true)
        : http.Response.Body;

    private DateTimeOffset _last = DateTimeOffset.MinValue;
    private byte[] _heldBack = [];

    /// <summary>Writes one envelope.</summary>
    /// <param name="message">The SOAP body's child.</param>
    /// <param name="hasEvents">Whether it may be dropped, slowed or held back.</param>
    /// <param name="ct">The client has gone, or the server stops.</param>
    /// <exception cref="OperationCanceledException">It was not written, or only in part.</exception>
    public async Task WriteAsync(XElement message, bool hasEvents, CancellationToken ct)
    {
        var wait = _last + options.EnvelopeSpacing - time.GetUtcNow();
        if (_last > DateTimeOffset.MinValue && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, ct);
        }

        byte[] octets = [.. _heldBack, .. EnvelopeXml.Streamed(message, options.Dialect.DeclarationsInStreams)];
        _heldBack = [];
        if (hasEvents && faults.Take(SimulatorFault.StreamDrop, Operation) is not null)
        {
            await FlushAsync(octets.AsMemory(0, octets.Length / 2), ct);
            http.Abort();
            throw new OperationCanceledException("A fault was ordered.");
        }

        if (hasEvents && faults.Take(SimulatorFault.StreamCoalesced, Operation) is not null)
        {
            _heldBack = octets;
        }
        else if (hasEvents && faults.Take(SimulatorFault.StreamSlow, Operation) is { } slow)
        {
            await TrickleAsync(octets, slow.Delay, ct);
        }
        else
        {
            await FlushAsync(octets, ct);
        }

        _last = time.GetUtcNow();
    }

    public ValueTask DisposeAsync() => compress ? _body.DisposeAsync() : ValueTask.CompletedTask;

    private async Task TrickleAsync(byte[] octets, TimeSpan duration, CancellationToken ct)
    {
        const int Pieces = 20;
        foreach (var piece in octets.Chunk((octets.Length / Pieces) + 1))
        {
            await FlushAsync(piece, ct);
            await Task.Delay(duration / Pieces, time, ct);
        }
    }

    private async Task FlushAsync(ReadOnlyMemory<byte> octets, CancellationToken ct)
    {
        await _body.WriteAsync(octets, ct);
        await _body.FlushAsync(ct);
        // Kestrel swallows what is written to a connection that has gone.
        ct.ThrowIfCancellationRequested();
    }
}
