using Microsoft.Extensions.Logging;
using Relay.Hosting;
using Relay.Tests.Store;

namespace Relay.Tests.Hosting;

public sealed class StartFailureFilterTests
{
    [Theory]
    [InlineData("the start failed, which the command tells", StartFailureFilter.HostCategory, StartFailureFilter.StartFailed, false)]
    [InlineData("a worker has died", StartFailureFilter.HostCategory, 9, true)]
    [InlineData("the same id elsewhere", "Relay.Store", StartFailureFilter.StartFailed, true)]
    public void Only_the_line_that_is_told_otherwise_is_left_out(string why, string category, int id, bool isLogged)
    {
        var log = new CollectedLog();
        using var provider = new OneLog(log);
        using var filter = new StartFailureFilter(provider);

        filter.CreateLogger(category).Log(LogLevel.Error, new EventId(id), "line", null, (state, _) => state);

        Assert.True((log.Lines.Count == 1) == isLogged, why);
    }

    private sealed class OneLog(ILogger log) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => log;

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
