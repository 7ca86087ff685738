using System.Globalization;
using Relay.Store;

namespace Relay.Operator;

/// <summary>Whether the store can be read and written, beside a running relay too. Changes nothing.</summary>
internal static class StoreCheck
{
    private const string Subject = "store";

    /// <param name="name">The file or database, without a password.</param>
    /// <param name="whenUnreachable">What to look at where it cannot be reached; goes on after a semicolon.</param>
    /// <param name="open">Opens it as a command does.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<CheckLine> RunAsync(string name, string whenUnreachable, Func<IStore> open, CancellationToken cancellationToken)
    {
        try
        {
            await using var store = open();
            await store.CommitAsync(static _ => 0, cancellationToken); // takes and gives back the right to write
            if (!store.MailFiles.HasRoomFor(0))
            {
                return CheckLine.Trouble(Subject, $"{name}: the disk is nearly full, so new mail is refused with 452; make room.");
            }

            var (spool, outbox, subscriptions) = store.Read(t => (t.Spool.Counts(), t.Outbox.Counts(), t.Subscriptions.CountActive()));
            return CheckLine.Ok(Subject, string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {spool.Waiting + spool.Claimed} mails to handle, {outbox.Waiting + outbox.Claimed} to send, {spool.Failed + outbox.Failed} set aside or given up, {subscriptions} subscriptions"));
        }
        catch (StoreUnavailableException exception)
        {
            return CheckLine.Trouble(Subject, exception.Fault switch
            {
                StoreFault.Full => $"{name}: no room on the disk ({Told(exception)}); make room.",
                StoreFault.ReadOnly => $"{name} cannot be written ({exception.Message}); run this as the relay's user and look at the rights of the file and its folder.",
                StoreFault.Locked => $"{name}: another process holds the right to write for too long ({exception.Message}); see which one, and ask again when it has ended.",
                StoreFault.Unreachable => $"{name} cannot be reached ({Told(exception)}); {whenUnreachable}.",
                StoreFault.Damaged => $"{name} is damaged ({Told(exception)}); stop the relay, keep what is there for later, and put the last backup in its place.",
                StoreFault.OtherSchema => exception.Message,
                _ => throw new InvalidOperationException("The faults of a store are closed."),
            });
        }
    }

    private static string Told(StoreUnavailableException exception) => exception.Message.TrimEnd('.');

    /// <summary>Before the first start there is no file; its folder must be there or be made, and be writable.</summary>
    public static CheckLine BeforeFirstStart(string file)
    {
        string folder = Path.GetDirectoryName(file) ?? file;
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } above)
        {
            folder = above;
        }

        string probe = Path.Combine(folder, $".relay-check-{Environment.ProcessId}");
        try
        {
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
                return CheckLine.Ok(Subject, $"{file}: not there yet; the first `relay run` makes it");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return CheckLine.Trouble(Subject, $"{file}: not there yet, and {folder} cannot be written ({exception.Message}); give the relay's user the right to, or set Relay:Store:ConnectionString.");
        }
    }
}
