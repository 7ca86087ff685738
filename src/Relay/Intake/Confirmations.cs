using System.Net;
using System.Net.Sockets;
using Relay.Access;
using Relay.Operations;
using Relay.Store;
using Relay.Subscriptions;
using Relay.Wire.Ews;
using Relay.Wire.Smtp;

namespace Relay.Intake;

/// <summary>
/// The proof Confirm: a request that nothing proves is kept, and its sender asked to confirm it; nothing else is mailed. Whoever names a
/// subscription by the id that only its owner was told, or answers one of its notifications, or brings a token, is known by that.
/// </summary>
/// <remarks>A From is easily forged, so a stranger can have us mail one short text to an address, and no more often than the limits say.</remarks>
internal sealed class Confirmations(
    IStore store,
    AccessOptions access,
    ConfirmationOptions options,
    ParkedRequests parked,
    OwnMessageIds ids,
    OperationCatalog catalog,
    AnswerComposer composer,
    TimeProvider time)
{
    /// <summary>A Subscribe is small; strangers cannot have us keep much.</summary>
    private const int LargestMail = 64 * 1024;

    private static readonly TimeSpan LimitsOver = TimeSpan.FromHours(1);

    /// <summary>The principal of a request that shows by itself whose it is; null for any other.</summary>
    public Principal? Known(IncomingMail mail, RequestReading reading, MailAddress asker)
    {
        if (reading is not RequestReading.Request request || EntryFor(mail, asker) is not { } entry)
        {
            return null;
        }

        var principal = new Principal(entry, asker.ToString());
        return store.Read(transaction => Owns(transaction, mail, request, principal)) ? principal : null;
    }

    /// <summary>Keeps the request and asks its sender; null where no entry lets this sender confirm.</summary>
    public StepPlan? Ask(IncomingMail mail, RequestReading reading, ServiceAddress service, MailAddress asker)
    {
        if (reading is not RequestReading.Request request || EntryFor(mail, asker) is null)
        {
            return null;
        }

        if (mail.Octets.Length > LargestMail)
        {
            return StepPlan.Nothing($"not proven, and too large to be kept for a confirmation by {asker}");
        }

        // Nothing that a stranger wrote goes to an address that it wrote: only names of ours.
        if (catalog.Find(service.Kind, request.Body.Name) is not { } operation)
        {
            return StepPlan.Nothing("not proven, and no operation of the service");
        }

        var frame = AnswerFrame.Of(mail, reading, service, asker);
        return new StepPlan.Commit(transaction => Ask(transaction, mail, operation.Name, frame));
    }

    private StepOutcome Ask(IStoreTransaction transaction, IncomingMail mail, string operation, AnswerFrame frame)
    {
        var now = time.GetUtcNow();
        string address = frame.To.ToString().ToLowerInvariant();
        string network = NetworkOf(mail.Spooled.Origin.ClientAddress);
        if (transaction.Confirmations.CountOfAddress(address, now - LimitsOver) >= options.PerAddress
            || transaction.Confirmations.CountOfNetwork(network, now - LimitsOver) >= options.PerNetwork
            || transaction.Confirmations.Count(now - options.ValidFor) >= options.InAll)
        {
            return new StepOutcome("not proven, and too many confirmations were asked for of late: dropped");
        }

        long id = transaction.Confirmations.Add(new ParkedRequest(
            now, address, network, frame.Service.Address.ToString(), mail.Spooled.MailId, mail.Spooled.ReversePath, mail.Spooled.Origin.ClientAddress, mail.Octets));
        var asking = composer.ComposeConfirmation(frame, operation, parked.TokenOf(id), now + options.ValidFor);
        transaction.Outbox.Add(asking);
        return new StepOutcome($"kept until {frame.To} confirms it", LedTo: asking.MessageId);
    }

    private SubscriberEntry? EntryFor(IncomingMail mail, MailAddress asker) =>
        access.Subscribers.FirstOrDefault(entry => entry.MayUse(asker.ToString()) && AccessPolicy.MayConfirm(entry, mail.Spooled.Origin));

    private bool Owns(IStoreTransaction transaction, IncomingMail mail, RequestReading.Request request, Principal principal)
    {
        if (request.Body.Name == RelayOperation.Namespace + ConfirmSubscriptionOperation.LocalName)
        {
            return principal.Address.Equals(
                parked.Find(transaction, ConfirmSubscriptionOperation.TokenIn(request.Body))?.Address, StringComparison.OrdinalIgnoreCase);
        }

        if (request.Body.Name == EwsNames.Messages + "SendNotificationResult")
        {
            return ids.NotificationIn(mail.Facts.InReplyToRaw) is { } notification
                && transaction.Subscriptions.Find(notification.Subscription)?.Principal == principal.Name;
        }

        var named = request.Body.Descendants().Where(child => child.Name.LocalName == "SubscriptionId").Select(child => child.Value.Trim()).ToList();
        return named.Count is > 0 and <= 200
            && named.TrueForAll(id => transaction.Subscriptions.FindByPublicId(id)?.Principal == principal.Name);
    }

    private static string NetworkOf(string? client)
    {
        if (!IPAddress.TryParse(client, out var address))
        {
            return "none";
        }

        address = address.Unmapped();
        int length = address.AddressFamily == AddressFamily.InterNetwork ? 24 : 64;
        byte[] octets = address.GetAddressBytes();
        Array.Clear(octets, length / 8, octets.Length - (length / 8));
        return $"{new IPAddress(octets)}/{length}";
    }
}
