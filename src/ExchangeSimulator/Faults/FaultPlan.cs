namespace Relay.ExchangeSimulator.Faults;

/// <summary>The faults on order. Whoever could commit one asks here first.</summary>
internal sealed class FaultPlan
{
    private readonly Lock _gate = new();
    private readonly List<ArmedFault> _armed = [];

    public IReadOnlyList<ArmedFault> Armed
    {
        get
        {
            lock (_gate)
            {
                return [.. _armed];
            }
        }
    }

    public void Arm(ArmedFault fault)
    {
        lock (_gate)
        {
            _armed.Add(fault);
        }
    }

    public void Disarm()
    {
        lock (_gate)
        {
            _armed.Clear();
        }
    }

    /// <summary>Takes one occasion of a fault, if it is on order.</summary>
    /// <param name="kind">What would go wrong.</param>
    /// <param name="operation">In which operation; null where it is not known yet, which suits only orders for any.</param>
    public ArmedFault? Take(SimulatorFault kind, string? operation = null)
    {
        lock (_gate)
        {
            var index = _armed.FindIndex(fault => fault.Kind == kind && (fault.Operation is null || fault.Operation == operation));
            if (index < 0)
            {
                return null;
            }

            var fault = _armed[index];
            if (fault.Remaining <= 1)
            {
                _armed.RemoveAt(index);
            }
            else
            {
                _armed[index] = fault with { Remaining = fault.Remaining - 1 };
            }

            return fault;
        }
    }
}
