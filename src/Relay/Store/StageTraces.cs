using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Relay.Store;

/// <summary>
/// An activity for each stage of a mail, for whoever listens (Operator/TelemetryExport). The stages know of each other by stored ids only, so the trace of a
/// mail is made of its id: a mail to us has one trace from acceptance to its answer's row, a mail of ours another, and the first links to the second. A
/// restart between two stages changes nothing.
/// </summary>
internal static class StageTraces
{
    public const string SourceName = "Relay";

    private const int TraceOctets = 16;
    private const int SpanOctets = 8;

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>A stage of the mail with this id; null when nobody listens. It began at <paramref name="since"/>, or now.</summary>
    public static Activity? Begin(string stage, string mailId, DateTimeOffset since = default) =>
        Source.HasListeners() ? Source.StartActivity(stage, ActivityKind.Internal, Of(mailId), startTime: since) : null;

    /// <summary>A step of the stage that runs.</summary>
    public static Activity? Step(string name) => Source.StartActivity(name);

    /// <summary>The stage led to the mail with this id.</summary>
    public static void LeadsTo(Activity? stage, string mailId) => stage?.AddLink(new ActivityLink(Of(mailId)));

    // The span is the mail itself, which no stage reports.
    private static ActivityContext Of(string mailId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(mailId), hash);
        return new ActivityContext(
            ActivityTraceId.CreateFromBytes(hash[..TraceOctets]),
            ActivitySpanId.CreateFromBytes(hash.Slice(TraceOctets, SpanOctets)),
            ActivityTraceFlags.Recorded,
            isRemote: true);
    }
}
