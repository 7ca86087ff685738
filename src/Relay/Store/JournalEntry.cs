namespace Relay.Store;

/// <summary>The stored answer to a request.</summary>
/// <param name="AnswerTo">The address that it went to.</param>
/// <param name="MessageId">The answer's own.</param>
/// <param name="Answer">The whole mail.</param>
internal sealed record JournalEntry(string AnswerTo, string MessageId, ReadOnlyMemory<byte> Answer, DateTimeOffset AnsweredAt);
