using System.Xml.Linq;
using Relay.Wire.Ews;

namespace Relay.Exchange;

/// <summary>What became of a request that was passed on.</summary>
internal abstract record PassedReply
{
    private PassedReply()
    {
    }

    /// <summary>Exchange's response, errors of single messages among it.</summary>
    internal sealed record Answered(XElement Response) : PassedReply;

    /// <summary>Nothing of it is told; a fault of Exchange, or an error of ours for each thing asked for.</summary>
    internal sealed record Refused(EwsError Error) : PassedReply;

    /// <summary>Exchange cannot be asked now; the reason is one sentence for people.</summary>
    internal sealed record Unavailable(string Reason) : PassedReply;
}
