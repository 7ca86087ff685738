using System.Xml.Linq;
using Relay.ExchangeSimulator.Subscriptions;

namespace Relay.ExchangeSimulator.Http;

/// <summary>What a stream has to say now.</summary>
/// <param name="Message">Null when there is nothing.</param>
/// <param name="IsLast">Whether the stream ends with it.</param>
/// <param name="Taken">Whose events it holds, and where each cursor stood before.</param>
internal sealed record StreamDue(XElement? Message, bool IsLast, IReadOnlyList<(SimulatedSubscription Subscription, long Before)> Taken);
