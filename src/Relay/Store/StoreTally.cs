namespace Relay.Store;

/// <summary>
/// What this process has committed since it began, counted as it becomes true: what is rolled back counts nowhere. For meters; many threads may
/// read while the one writer counts.
/// </summary>
internal sealed class StoreTally
{
    private readonly long[] _counts = new long[Enum.GetValues<TallyItem>().Length];

    public long this[TallyItem item] => Interlocked.Read(ref _counts[(int)item]);

    public void Add(TallyItem item, long count) => Interlocked.Add(ref _counts[(int)item], count);
}
