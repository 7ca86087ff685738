using Microsoft.Extensions.Logging;

namespace Relay.Hosting;

/// <summary>
/// A logger provider less one line: the host's "Hosting failed to start", which is a stack trace of what <c>relay run</c> itself tells in one
/// sentence on stderr. The rest of that category stays: it reports workers that die.
/// </summary>
/// <param name="inner">Where all other lines go; whoever made it disposes of it.</param>
internal sealed class StartFailureFilter(ILoggerProvider inner) : ILoggerProvider, ISupportExternalScope
{
    /// <summary>The category of the host's own lines.</summary>
    public const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    /// <summary>The id of the line, HostedServiceStartupFaulted.</summary>
    public const int StartFailed = 11;

    public ILogger CreateLogger(string categoryName) =>
        categoryName == HostCategory ? new FilteredLogger(inner.CreateLogger(categoryName)) : inner.CreateLogger(categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => (inner as ISupportExternalScope)?.SetScopeProvider(scopeProvider);

    public void Dispose()
    {
        // Its maker disposes of the inner one.
    }

    private sealed class FilteredLogger(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id != StartFailed)
            {
                inner.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
