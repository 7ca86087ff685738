using System.Xml.Linq;
using Relay.Wire.Ews;

namespace Relay.Client.Services;

/// <summary>What a push subscription can ask of a relay and not of Exchange.</summary>
internal sealed record PushTerms
{
    /// <summary>Each notification waits for our acknowledgement, and is mailed again until it comes.</summary>
    public bool DemandsAcknowledgement { get; init; }

    /// <summary>Digests, net effects, content of items, size.</summary>
    public DeliveryWishes Delivery { get; init; } = DeliveryWishes.None;

    /// <summary>Both as header blocks of a Subscribe; marked so that a relay that does not know them refuses instead of ignoring them.</summary>
    public IReadOnlyList<XElement> HeaderBlocks()
    {
        var blocks = new List<XElement>();
        if (DemandsAcknowledgement)
        {
            blocks.Add(Marked(new XElement(XNamespace.Get("urn:soap-relay:v1") + "Acknowledge")));
        }

        if (Delivery != DeliveryWishes.None)
        {
            blocks.Add(Marked(DeliveryHeader.Write(Delivery)));
        }

        return blocks;
    }

    private static XElement Marked(XElement block)
    {
        block.Add(new XAttribute(EwsNames.Soap + "mustUnderstand", "1"));
        return block;
    }
}
