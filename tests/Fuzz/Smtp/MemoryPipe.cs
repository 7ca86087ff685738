using System.IO.Pipelines;

namespace Relay.Fuzz.Smtp;

/// <summary>One end of a connection without a network: everything happens on the thread that writes.</summary>
internal sealed record MemoryPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe
{
    /// <summary>A pipe that never makes its writer wait.</summary>
    public static Pipe Create() => new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false));
}
