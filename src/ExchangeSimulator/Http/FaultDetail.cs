using System.Globalization;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Http;

/// <summary>What a SOAP fault tells.</summary>
/// <param name="Error">Code and text.</param>
/// <param name="Violation">Where the schema was violated, for that fault.</param>
internal sealed record FaultDetail(EwsError Error, SchemaViolation? Violation = null)
{
    /// <summary>The named values in MessageXml.</summary>
    public IReadOnlyList<(string Name, string Value)> Values { get; init; } =
        Error.BackOff is { } backOff ? [("BackOffMilliseconds", ((long)backOff.TotalMilliseconds).ToString(CultureInfo.InvariantCulture))] : [];

    /// <summary>Too many requests or streams of one caller at once.</summary>
    public static FaultDetail ConnectionCount(string policy, int limit) => new(EwsErrors.ExceededConnectionCount)
    {
        Values = [
            ("Policy", policy),
            ("MaxConcurrencyLimit", limit.ToString(CultureInfo.InvariantCulture)),
            ("ErrorMessage", "Concurrency limit reached."),
        ],
    };
}
