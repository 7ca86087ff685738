using Relay.Access;
using Relay.Store;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;

namespace Relay.Operator;

/// <summary>
/// Takes one mail from a mail server's pipe into the spool, as the SMTP server does: stored is said only of what is on stable storage. A
/// relay that runs on the same store finds it within a second.
/// </summary>
/// <remarks>Nothing proves who filled the pipe, so services answer only what brings a proof of its own.</remarks>
internal sealed class PipeDelivery(IStore store, RecipientDirectory directory, string hostName, long maxMessageBytes, IdSource ids, TimeProvider time)
{
    /// <param name="input">Read to its end.</param>
    /// <param name="recipients">At least one.</param>
    /// <param name="sender">The reverse-path; null is to be taken from the mail.</param>
    /// <param name="cancellationToken">Ends the reading; nothing is stored then.</param>
    public async Task<(PipeOutcome Outcome, string Sentence)> TakeAsync(
        Stream input, IReadOnlyList<string> recipients, string? sender, CancellationToken cancellationToken)
    {
        var known = new List<string>();
        foreach (string text in recipients)
        {
            if (!MailAddress.TryParse(text, out var address) || !directory.TryFind(address, out _))
            {
                return (PipeOutcome.UnknownAddress, $"{text} is no address of this relay.");
            }

            known.Add(address.ToString());
        }

        if (await ReadAsync(input, cancellationToken) is not { } octets)
        {
            return (PipeOutcome.NotAMail, $"The mail is longer than the {maxMessageBytes} octets that this relay takes (Relay:Smtp:MaxMessageBytes).");
        }

        if (LocalMail.Read(octets.Span) is not { } mail)
        {
            return (PipeOutcome.NotAMail, "What came is no mail: it does not begin with a header field.");
        }

        string? reversePath = sender is null ? mail.ReversePath() : LocalMail.Path(sender);
        return await StoreAsync(mail, known, reversePath, cancellationToken);
    }

    private async Task<(PipeOutcome Outcome, string Sentence)> StoreAsync(
        LocalMail mail, IReadOnlyList<string> recipients, string? reversePath, CancellationToken cancellationToken)
    {
        if (!store.MailFiles.HasRoomFor(mail.Content.Length))
        {
            return (PipeOutcome.TryAgain, "The disk of the store is nearly full.");
        }

        await using var content = store.MailFiles.Create();
        await content.WriteAsync(new(mail.Content), cancellationToken);
        var spooled = new NewSpooledMail(
            time.GetUtcNow(),
            $"{ids.NewUnique()}@{hostName}",
            reversePath,
            recipients,
            new MailOrigin(MailOrigin.Pipe, null, null, Tls: false, null),
            await content.CompleteAsync(cancellationToken));
        try
        {
            await store.CommitAsync(transaction => transaction.Spool.Add(spooled), CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            content.Abandon(); // no row names it
            throw;
        }

        return (PipeOutcome.Stored, $"stored as {spooled.MailId}");
    }

    /// <summary>All octets, or null when they are too many; read to the end even so, since whoever fills the pipe may not expect it to break.</summary>
    private async Task<ReadOnlyMemory<byte>?> ReadAsync(Stream input, CancellationToken cancellationToken)
    {
        using var octets = new MemoryStream();
        long length = 0;
        byte[] chunk = new byte[64 * 1024];
        for (int read; (read = await input.ReadAsync(chunk, cancellationToken)) > 0;)
        {
            length += read;
            if (length <= maxMessageBytes)
            {
                octets.Write(chunk, 0, read);
            }
        }

        return length > maxMessageBytes ? null : octets.GetBuffer().AsMemory(0, (int)octets.Length);
    }
}
