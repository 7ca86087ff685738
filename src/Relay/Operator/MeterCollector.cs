using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Relay.Operator;

/// <summary>
/// Adds up what the meters of this relay measure, from its making on. Only instruments of its own factory, whose names begin with
/// <c>relay.</c>, so that several relays in one process stay apart.
/// </summary>
internal sealed class MeterCollector : IDisposable
{
    private const string Ours = "relay.";

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, MeterFamily> _families = new(StringComparer.Ordinal);

    public MeterCollector(IMeterFactory factory)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Name.StartsWith(Ours, StringComparison.Ordinal))
            {
                listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(instrument.Name, _ => new MeterFamily(instrument)));
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => ((MeterFamily)family!).Take(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => ((MeterFamily)family!).Take(value, tags));
        _listener.Start();
    }

    /// <summary>All families by name, observed just now.</summary>
    public IReadOnlyList<MeterFamily> Collect()
    {
        _listener.RecordObservableInstruments();
        return [.. _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal)];
    }

    public void Dispose() => _listener.Dispose();
}
