using Relay.Wire.Mime;

namespace Relay.Wire.Soap;

/// <summary>What looking for an envelope in a mail came to. Every case has the facts that an answer needs.</summary>
/// <param name="Facts">From the mail's header.</param>
public abstract record SoapMailReadResult(MailFacts Facts)
{
    /// <summary>One envelope, well-formed or not.</summary>
    public sealed record Found(SoapMailRequest Request) : SoapMailReadResult(Request);

    /// <summary>XML that is no envelope: a bare payload, or something broken beyond recognition.</summary>
    /// <param name="Request">The octets as if they were an envelope.</param>
    public sealed record NotSoap(SoapMailRequest Request) : SoapMailReadResult(Request);

    /// <summary>No XML at all: a person's mail.</summary>
    public sealed record NoXml(MailFacts Facts) : SoapMailReadResult(Facts);

    /// <summary>Two envelopes, and nothing that says which is meant.</summary>
    /// <param name="Facts">From the mail's header.</param>
    /// <param name="First">One, described for people in ASCII.</param>
    /// <param name="Second">The other.</param>
    public sealed record Ambiguous(MailFacts Facts, string First, string Second) : SoapMailReadResult(Facts);

    /// <summary>The part that should hold the envelope cannot be decoded.</summary>
    public sealed record Unreadable(MailFacts Facts, MimeFault Fault) : SoapMailReadResult(Facts);
}
