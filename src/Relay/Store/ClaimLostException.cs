namespace Relay.Store;

/// <summary>
/// A spooled mail was settled by another claimer, after the lease ran out. Thrown inside the transaction, so that the effects
/// of executing the mail a second time are undone with it; the mail itself needs nothing more.
/// </summary>
internal sealed class ClaimLostException(long id) : Exception($"Spooled mail {id} is settled already.")
{
    public long Id { get; } = id;
}
