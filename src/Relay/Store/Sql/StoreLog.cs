using Microsoft.Extensions.Logging;

namespace Relay.Store.Sql;

/// <summary>What the store logs. Event ids 1000 to 1099.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(1000, LogLevel.Error, "The store is not available ({Fault}): {Reason}")]
    public static partial void Unavailable(ILogger logger, StoreFault fault, string reason);

    [LoggerMessage(1001, LogLevel.Warning, "The file {Name} could not be deleted: {Reason}")]
    public static partial void FileNotDeleted(ILogger logger, string name, string reason);

    [LoggerMessage(1002, LogLevel.Information, "Released {Claims} claims of an earlier run, removed {Files} mail files that no row names")]
    public static partial void Recovered(ILogger logger, int claims, int files);

    [LoggerMessage(1010, LogLevel.Information, "Moved {Mails} mails that an earlier run had accepted from the segments of the spool into its table")]
    public static partial void SegmentsRecovered(ILogger logger, int mails);

    [LoggerMessage(1011, LogLevel.Warning, "Segment {Segment} of the spool ends at {Offset} with {Octets} octets that are no whole mail: they were being written when the relay ended, and nobody was told that they were accepted")]
    public static partial void SegmentCut(ILogger logger, long segment, long offset, int octets);

    [LoggerMessage(1012, LogLevel.Error, "Segment {Segment} of the spool is damaged at {Offset}: {Octets} octets are lost, the mails behind them are not")]
    public static partial void SegmentDamaged(ILogger logger, long segment, long offset, int octets);

    [LoggerMessage(1013, LogLevel.Error, "Segment {Segment} of the spool has no header that can be read; the file is kept")]
    public static partial void SegmentUnreadable(ILogger logger, long segment);

    [LoggerMessage(1014, LogLevel.Warning, "No segment of the spool could be made, so mails go into the database directly: {Reason}")]
    public static partial void NoSegment(ILogger logger, string reason);

    [LoggerMessage(1003, LogLevel.Warning, "{Place} was open to everybody on this machine, mails and keys included; it is no more")]
    public static partial void OthersKeptOut(ILogger logger, string place);

    [LoggerMessage(1004, LogLevel.Warning, "{Place} is open to everybody on this machine, mails and keys included, and that cannot be changed: {Reason}")]
    public static partial void OthersNotKeptOut(ILogger logger, string place, string reason);

    [LoggerMessage(1016, LogLevel.Error, "Segment {Segment} of the spool belongs to another database ({Owner}): it is kept as {File} and its mails are not answered from this one; should that database come back, give the file its name again")]
    public static partial void SegmentForeign(ILogger logger, long segment, Guid owner, string file);

    [LoggerMessage(1015, LogLevel.Error, "Mails could not be moved from the segments of the spool into its table; tried again soon")]
    public static partial void NotMoved(ILogger logger, Exception exception);

    [LoggerMessage(1017, LogLevel.Error, "Mails could not be written to the spool, and their senders are asked to try again later")]
    public static partial void SpoolFailed(ILogger logger, Exception exception);
}
