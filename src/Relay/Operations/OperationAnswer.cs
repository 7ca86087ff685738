using System.Xml;
using Relay.Wire.Soap;

namespace Relay.Operations;

/// <summary>What the requester is told.</summary>
internal abstract record OperationAnswer
{
    private OperationAnswer()
    {
    }

    /// <summary>The subscription that the commit added, changed or ended; whoever serves it looks again.</summary>
    public long? ChangedSubscription { get; init; }

    /// <summary>The subscription none of whose mails may overtake this answer.</summary>
    public long? HoldsBack { get; init; }

    /// <summary>A response; <paramref name="WriteBody"/> writes the body's first child.</summary>
    public sealed record Response(Action<XmlWriter> WriteBody, string Outcome) : OperationAnswer
    {
        /// <summary>Fields for the answer mail's header.</summary>
        public IReadOnlyList<(string Name, string Value)> ExtraFields { get; init; } = [];

        /// <summary>Binary content that the body refers to by xop:Include; the answer is then an MTOM package, whatever the request was.</summary>
        public IReadOnlyList<SoapAttachment> Parts { get; init; } = [];
    }

    /// <summary>A SOAP fault.</summary>
    public sealed record Fault(SoapFault Value) : OperationAnswer;

    /// <summary>Nothing is mailed.</summary>
    public sealed record None(string Outcome) : OperationAnswer;
}
