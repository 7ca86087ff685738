using Microsoft.Extensions.Logging;

namespace Relay.Store.Sql;

/// <summary>What the store logs. Event ids 1000 to 1099.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(1000, LogLevel.Error, "The store is not available ({Fault}): {Reason}")]
    public static partial void Unavailable(ILogger logger, StoreFault fault, string reason);

    [LoggerMessage(1001, LogLevel.Warning, "The mail file {Name} could not be deleted: {Reason}")]
    public static partial void FileNotDeleted(ILogger logger, string name, string reason);

    [LoggerMessage(1002, LogLevel.Information, "Released {Claims} claims of an earlier run, removed {Files} mail files that no row names")]
    public static partial void Recovered(ILogger logger, int claims, int files);
}
