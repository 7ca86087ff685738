using System.Xml.Linq;
using Relay.Access;

namespace Relay.Operations;

/// <summary>Finds the operation of a request: the body's first child, by name; SOAPAction and Subject do not count.</summary>
internal sealed class OperationCatalog(IEnumerable<IOperation> operations)
{
    private readonly IReadOnlyList<IOperation> _operations = [.. operations];

    /// <summary>The names of all operations of all services, for settings, which are read before there is a catalog.</summary>
    public static IReadOnlyList<string> AllNames { get; } =
    [
        "Subscribe", "GetEvents", "GetStreamingEvents", "Unsubscribe", "SendNotificationResult",
        "Ping", "ListSubscriptions", "GetSubscription", "PauseSubscription", "ResumeSubscription", "ConfirmSubscription",
        "GetItem", "GetFolder", "FindItem", "SyncFolderItems", "GetAttachment",
        "getMonth",
    ];

    public IOperation? Find(ServiceKind service, XName body) =>
        _operations.FirstOrDefault(operation => operation.Service == service && operation.Handles(body));

    public IEnumerable<string> NamesOf(ServiceKind service) =>
        _operations.Where(operation => operation.Service == service).Select(operation => operation.Name);
}
