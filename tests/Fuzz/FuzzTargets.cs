using Relay.Fuzz.Smtp;
using Relay.Fuzz.Targets;

namespace Relay.Fuzz;

/// <summary>All targets by name.</summary>
public static class FuzzTargets
{
    /// <summary>A fresh instance of each.</summary>
    public static IReadOnlyList<IFuzzTarget> All() =>
    [
        new MimeTarget(), new HeadersTarget(), new SoapTarget(), new DsnTarget(), new SessionTarget(), new ReplyTarget(), new AddressTarget(),
        new MboxTarget(),
    ];
}
