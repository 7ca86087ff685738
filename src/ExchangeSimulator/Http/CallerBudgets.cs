using System.Collections.Concurrent;

namespace Relay.ExchangeSimulator.Http;

/// <summary>Counts what each caller has going on at once, and refuses what is beyond a limit.</summary>
internal sealed class CallerBudgets
{
    private readonly ConcurrentDictionary<string, int> _held = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes a place, which the result gives back when it is disposed.</summary>
    /// <param name="caller">Who is charged.</param>
    /// <param name="most">Null for no limit.</param>
    /// <returns>Null when all places are taken.</returns>
    public IDisposable? Enter(string caller, int? most)
    {
        var held = _held.AddOrUpdate(caller, 1, (_, count) => count + 1);
        var place = new Place(this, caller);
        if (held <= (most ?? int.MaxValue))
        {
            return place;
        }

        place.Dispose();
        return null;
    }

    private sealed class Place(CallerBudgets budgets, string caller) : IDisposable
    {
        public void Dispose() => budgets._held.AddOrUpdate(caller, 0, (_, count) => count - 1);
    }
}
