using Relay.Store;

namespace Relay.Inbound;

/// <summary>How much waits behind the front door, held against what may.</summary>
/// <param name="IsTooMuch">Whoever comes is to come again.</param>
/// <param name="CrowdedLanes">Domains (<see cref="LaneKey"/>) that have as many answers waiting as there is room left for all.</param>
internal sealed record WaitingMail(bool IsTooMuch, IReadOnlySet<long> CrowdedLanes)
{
    /// <summary>Mail that would only be passed on is to come again: nothing else bounds how much of it waits for the smarthost.</summary>
    public bool IsTooMuchPassedOn { get; init; }

    public static WaitingMail Little { get; } = new(false, new HashSet<long>());

    private static WaitingMail TooMuch { get; } = new(true, new HashSet<long>());

    /// <param name="transaction">What waits.</param>
    /// <param name="most">Mails to us, or answers of ours; each alone.</param>
    public static WaitingMail Count(IStoreTransaction transaction, int most) =>
        CountAnswers(transaction, most) with { IsTooMuchPassedOn = transaction.Outbox.HasPassedOnWaiting(most) };

    private static WaitingMail CountAnswers(IStoreTransaction transaction, int most)
    {
        int half = most / 2;
        if (transaction.Spool.HasWaiting(most))
        {
            return TooMuch;
        }

        // No domain can have what is left for all before all together have half.
        if (!transaction.Outbox.HasAnswersWaiting(half))
        {
            return Little;
        }

        var answers = transaction.Outbox.AnswersWaiting();
        long left = most - answers.Values.Sum(count => Math.Min(count, half));
        return left <= 0 ? TooMuch : new WaitingMail(false, answers.Where(one => one.Value >= left).Select(one => one.Key).ToHashSet());
    }
}
