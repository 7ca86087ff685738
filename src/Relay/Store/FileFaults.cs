namespace Relay.Store;

/// <summary>What an error of the file system means for the store.</summary>
internal static class FileFaults
{
    // errno values of Linux, which .NET keeps in the low half of HResult.
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int QuotaExceeded = 122;

    /// <param name="exception">Of the file system.</param>
    /// <param name="what">Begins the sentence.</param>
    public static StoreUnavailableException Translate(Exception exception, string what = "The mail file cannot be written")
    {
        var fault = exception switch
        {
            UnauthorizedAccessException => StoreFault.ReadOnly,
            { HResult: NoSpace or QuotaExceeded } => StoreFault.Full,
            { HResult: ReadOnlyFileSystem } => StoreFault.ReadOnly,
            _ => StoreFault.Unreachable,
        };
        return new StoreUnavailableException(fault, $"{what}: {exception.Message}", exception);
    }
}
