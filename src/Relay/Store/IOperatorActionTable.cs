namespace Relay.Store;

/// <summary>What the operator did by hand, in order.</summary>
internal interface IOperatorActionTable
{
    /// <summary>Belongs in the transaction that does it. The id of <paramref name="action"/> does not matter.</summary>
    void Add(OperatorAction action);

    /// <summary>The id of the last one; 0 when there is none.</summary>
    long LastId();

    /// <summary>Those with a later id, oldest first.</summary>
    IReadOnlyList<OperatorAction> After(long id, int atMost);

    /// <summary>Removes those done before; at most <paramref name="atMost"/>: repeat until fewer are returned.</summary>
    int Purge(DateTimeOffset doneBefore, int atMost);
}
