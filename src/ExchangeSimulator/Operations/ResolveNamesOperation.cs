using System.Xml.Linq;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Operations;

/// <summary>ResolveNames, with which some clients begin to learn the server's version.</summary>
internal sealed class ResolveNamesOperation : IOperation
{
    private static readonly XNamespace M = EwsNames.Messages;
    private static readonly XNamespace T = EwsNames.Types;

    public string Name => "ResolveNames";

    public OperationResult Run(OperationContext context, XElement request)
    {
        var entry = request.Element(M + "UnresolvedEntry")?.Value ?? "";
        var known = context.Database.Mailboxes
            .Where(mailbox => mailbox.Address.StartsWith(entry, StringComparison.OrdinalIgnoreCase)).Take(100).ToList();
        return ResponseFrame.Of(Name, known.Count == 0
            ? ResponseFrame.Error(Name, EwsErrors.NameResolutionNoResults)
            : ResponseFrame.Success(Name, new XElement(M + "ResolutionSet",
                new XAttribute("TotalItemsInView", known.Count),
                new XAttribute("IncludesLastItemInRange", "true"),
                known.Select(mailbox => new XElement(T + "Resolution", MailboxActions.MailboxElement(mailbox.Address))))));
    }
}
