using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Relay.Tests.Operator;

/// <summary>A collector that takes OTLP by http/protobuf and keeps what it is sent.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, string? Type, byte[] Body)> _requests = new();
    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public IReadOnlyList<(string Path, string? Type, byte[] Body)> Requests => [.. _requests];

    /// <summary>Every span: its name, its trace, and the traces that it links to. The numbers are those of the fields in opentelemetry/proto/trace/v1/trace.proto.</summary>
    public IReadOnlyList<(string Name, string Trace, IReadOnlyList<string> Links)> Spans() =>
    [
        .. Requests.Where(request => request.Path == "/v1/traces")
            .SelectMany(request => Fields(request.Body, 1)).SelectMany(resource => Fields(resource, 2)).SelectMany(scope => Fields(scope, 2))
            .Select(span => (
                Encoding.UTF8.GetString(Fields(span, 5).Single()),
                Convert.ToHexString(Fields(span, 1).Single()),
                (IReadOnlyList<string>)[.. Fields(span, 13).Select(link => Convert.ToHexString(Fields(link, 1).Single()))])),
    ];

    /// <summary>The names of all metrics (metrics.proto).</summary>
    public IReadOnlySet<string> Metrics() =>
        Requests.Where(request => request.Path == "/v1/metrics")
            .SelectMany(request => Fields(request.Body, 1)).SelectMany(resource => Fields(resource, 2)).SelectMany(scope => Fields(scope, 2))
            .Select(metric => Encoding.UTF8.GetString(Fields(metric, 1).Single())).ToHashSet();

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(app);
        app.MapPost("{**path}", receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _requests.Enqueue((context.Request.Path, context.Request.ContentType, body.ToArray()));
    }

    // The length-delimited fields of one number (protobuf encoding: tag, then varint, 8, length and octets, or 4).
    private static List<byte[]> Fields(byte[] message, int number)
    {
        var found = new List<byte[]>();
        for (int at = 0; at < message.Length;)
        {
            ulong tag = Varint(message, ref at);
            int length = 0;
            switch (tag & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    length = 8;
                    break;
                case 2:
                    length = (int)Varint(message, ref at);
                    break;
                case 5:
                    length = 4;
                    break;
                default:
                    throw new FormatException($"No wire type: {tag & 7}");
            }

            if ((tag & 7) == 2 && (int)(tag >> 3) == number)
            {
                found.Add(message[at..(at + length)]);
            }

            at += length;
        }

        return found;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte octet = message[at++];
            value |= (ulong)(octet & 127) << shift;
            if (octet < 128)
            {
                return value;
            }
        }
    }
}
