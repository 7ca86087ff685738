namespace Relay.ExchangeSimulator.Faults;

/// <summary>An order for a fault.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Operation">Only in this operation; null for any.</param>
/// <param name="Remaining">On how many occasions still.</param>
/// <param name="Delay">The time that belongs to it, where one does.</param>
internal sealed record ArmedFault(SimulatorFault Kind, string? Operation, int Remaining, TimeSpan Delay);
