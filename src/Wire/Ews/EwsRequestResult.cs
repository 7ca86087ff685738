using System.Xml.Linq;

namespace Relay.Wire.Ews;

/// <summary>What a SOAP body asks for.</summary>
public abstract record EwsRequestResult
{
    private EwsRequestResult()
    {
    }

    /// <summary>One of the operations about notifications.</summary>
    /// <param name="Request">The values as written; ranges are the schema's business.</param>
    public sealed record Read(EwsRequest Request) : EwsRequestResult;

    /// <summary>Any other element, in whatever namespace.</summary>
    /// <param name="Name">The element's name, for the fault.</param>
    public sealed record UnknownOperation(XName Name) : EwsRequestResult;
}
