using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.Access;
using Relay.Store;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;

namespace Relay.Inbound;

/// <summary>
/// Takes mails from Maildirs and mbox files. 1 lists what lies there; 2 spools it and notes it as taken, in one transaction ■; 3 removes it at its
/// source; 4 forgets the note ■. Wherever a crash falls between them, a mail is either still there and not spooled, or spooled and noted, so
/// that it is only removed when it is found again.
/// </summary>
/// <remarks>Nothing proves who wrote what lies in a mailbox, so services answer only what brings a proof of its own.</remarks>
internal sealed class PickupWorker(
    IReadOnlyList<PickupOptions> pickups,
    IStore store,
    RecipientDirectory directory,
    IdSource ids,
    SmtpOptions smtp,
    TimeProvider time,
    ILogger<PickupWorker> logger) : BackgroundService
{
    // Where other programs say whom a delivery was for, the surest first.
    private static readonly string[] DeliveryFields = ["Delivered-To", "X-Original-To", "Envelope-To"];

    /// <summary>What one transaction takes: in memory at once, if none is large.</summary>
    private const int AtOnce = 64;

    /// <summary>Until a mail that could not be taken is looked at again: somebody may have mended it.</summary>
    private static readonly TimeSpan AsideFor = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<(string Path, string Name), DateTimeOffset> _asideUntil = new();

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(pickups.Select(pickup => WatchAsync(pickup, stoppingToken)));

    private async Task WatchAsync(PickupOptions pickup, CancellationToken stoppingToken)
    {
        string told = "";
        while (!stoppingToken.IsCancellationRequested)
        {
            int taken = 0;
            try
            {
                taken = await TakeAsync(pickup, stoppingToken);
                told = "";
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return; // nothing of this round was stored
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or StoreUnavailableException)
            {
                // Whatever it is, the mails lie where they lay. Told once, not every few seconds.
                if (exception.Message != told)
                {
                    InboundLog.PickupFailed(logger, pickup.Path, exception.Message);
                }

                told = exception.Message;
            }

            if (taken == 0)
            {
                await Task.Delay(pickup.Poll, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>One round; how many mails were removed at the source.</summary>
    internal async Task<int> TakeAsync(PickupOptions pickup, CancellationToken cancellationToken)
    {
        if (pickup.Format == PickupFormat.Mbox && new FileInfo(pickup.Path) is not { Exists: true, Length: > 0 })
        {
            return 0; // mailbox programs remove an empty file
        }

        using IPickupSource source = pickup.Format == PickupFormat.Mbox ? new MboxSource(pickup.Path, time) : new MaildirSource(pickup.Path, IsAside); // 1
        if (source.Mails.Count == 0)
        {
            return 0;
        }

        var known = store.Read(transaction => transaction.Picked.List(pickup.Path));
        var kept = await SpoolAsync(pickup, [.. source.Mails.Where(mail => !known.Contains(mail.Name))], cancellationToken); // 2
        source.Remove(kept); // 3
        var names = source.Mails.Except(kept).Select(mail => mail.Name).ToList();
        await store.CommitAsync( // 4
            transaction =>
            {
                transaction.Picked.Forget(pickup.Path, names.Union(known));
                return true;
            },
            CancellationToken.None);
        return names.Count;

        bool IsAside(string name) => _asideUntil.TryGetValue((pickup.Path, name), out var until) && until > time.GetUtcNow();
    }

    /// <summary>The first half of a round: what is new is spooled and noted. Returns what could not be taken, by no fault of the store's.</summary>
    internal async Task<IReadOnlyCollection<PickupMail>> SpoolAsync(PickupOptions pickup, IReadOnlyList<PickupMail> mails, CancellationToken cancellationToken)
    {
        var kept = new List<PickupMail>();
        foreach (var some in mails.Chunk(AtOnce))
        {
            await SpoolAsync(pickup, some, kept, cancellationToken);
        }

        return kept;
    }

    private async Task SpoolAsync(PickupOptions pickup, PickupMail[] mails, List<PickupMail> kept, CancellationToken cancellationToken)
    {
        var contents = new List<MailContentWriter>();
        try
        {
            var spooled = await WriteAsync(pickup, mails, contents, kept, cancellationToken);
            await store.CommitAsync(
                transaction =>
                {
                    foreach (var (name, mail) in spooled)
                    {
                        transaction.Picked.Add(pickup.Path, name);
                        transaction.Spool.Add(mail);
                    }

                    return true;
                },
                CancellationToken.None);
            spooled.ForEach(mail => InboundLog.PickedUp(logger, mail.Mail.MailId, pickup.Path, mail.Mail.Content.Length));
        }
        catch
        {
            contents.ForEach(content => content.Abandon()); // no row names them
            throw;
        }
        finally
        {
            foreach (var content in contents)
            {
                await content.DisposeAsync();
            }
        }
    }

    private async Task<List<(string Name, NewSpooledMail Mail)>> WriteAsync(
        PickupOptions pickup, PickupMail[] mails, List<MailContentWriter> contents, List<PickupMail> kept, CancellationToken cancellationToken)
    {
        var written = new List<(string Name, NewSpooledMail Mail)>();
        foreach (var mail in mails)
        {
            if (TryRead(pickup, mail) is { } read)
            {
                written.Add((mail.Name, await WriteAsync(pickup, read, contents, cancellationToken)));
            }
            else
            {
                kept.Add(mail);
            }
        }

        return written;
    }

    /// <summary>Null where it cannot be read; that is told once, and the mail looked at again after a while.</summary>
    private LocalMail? TryRead(PickupOptions pickup, PickupMail mail)
    {
        try
        {
            byte[] octets = mail.Read(smtp.Server.MaxMessageBytes);
            _asideUntil.TryRemove((pickup.Path, mail.Name), out _);
            return LocalMail.Read(octets) ?? new LocalMail(octets, null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            if (!_asideUntil.ContainsKey((pickup.Path, mail.Name)))
            {
                InboundLog.SetAside(logger, mail.Name, pickup.Path, exception.Message);
            }

            _asideUntil[(pickup.Path, mail.Name)] = time.GetUtcNow() + AsideFor;
            return null;
        }
    }

    private async Task<NewSpooledMail> WriteAsync(PickupOptions pickup, LocalMail mail, List<MailContentWriter> contents, CancellationToken cancellationToken)
    {
        if (!store.MailFiles.HasRoomFor(mail.Content.Length))
        {
            throw new StoreUnavailableException(StoreFault.Full, "The disk of the store is nearly full.");
        }

        var content = store.MailFiles.Create();
        contents.Add(content);
        await content.WriteAsync(new(mail.Content), cancellationToken);
        return new NewSpooledMail(
            time.GetUtcNow(),
            $"{ids.NewUnique()}@{smtp.HostName}",
            mail.ReversePath(),
            RecipientsOf(pickup, mail.Fields),
            new MailOrigin(MailOrigin.Pickup, null, null, Tls: false, null),
            await content.CompleteAsync(cancellationToken));
    }

    /// <summary>Whom a mail is for: the settings, else what delivered it, else To and Cc; a person, where none of them is an address of ours.</summary>
    private IReadOnlyList<string> RecipientsOf(PickupOptions pickup, HeaderFields fields)
    {
        if (pickup.Recipient is { } recipient)
        {
            return [recipient.ToString()];
        }

        // A delivery was for one; a mail of which nothing says so is one request for each of ours that it names.
        var known = DeliveryFields.SelectMany(name => Known(fields, name)).Take(1).ToList();
        known = known.Count > 0 ? known : [.. Known(fields, "To").Concat(Known(fields, "Cc")).Distinct()];
        return known.Count > 0 ? [.. known.Select(address => address.ToString())] : [$"postmaster@{smtp.Domains[0]}"];
    }

    private IEnumerable<MailAddress> Known(HeaderFields fields, string name) => fields.All(name)
        .SelectMany(field => AddressList.Parse(field.RawValue))
        .Select(mailbox => mailbox.Address)
        .Where(address => directory.TryFind(address, out _));
}
