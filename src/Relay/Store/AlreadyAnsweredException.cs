namespace Relay.Store;

/// <summary>
/// Another worker has answered the request meanwhile. The work is run once more, and then finds the answer in the journal; only a
/// work that does not look for it sees this.
/// </summary>
internal sealed class AlreadyAnsweredException() : InvalidOperationException("The request has an answer already.");
