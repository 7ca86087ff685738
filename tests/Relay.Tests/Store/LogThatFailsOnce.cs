using Microsoft.Extensions.Logging;

namespace Relay.Tests.Store;

/// <summary>A log that cannot be written when a line begins so, the first time: a fault that nobody foresees where it comes up.</summary>
internal sealed class LogThatFailsOnce(string beginning) : ILogger
{
    public const string Reason = "The log cannot be written.";

    private readonly CollectedLog _lines = new();
    private bool _hasFailed;

    public IReadOnlyList<string> Lines => _lines.Lines;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (formatter(state, exception).StartsWith(beginning, StringComparison.Ordinal) && !Interlocked.Exchange(ref _hasFailed, true))
        {
            throw new InvalidOperationException(Reason);
        }

        _lines.Log(logLevel, eventId, state, exception, formatter);
    }
}
