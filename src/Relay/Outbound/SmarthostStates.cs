namespace Relay.Outbound;

/// <summary>How the smarthosts stand, for whoever looks on.</summary>
internal sealed class SmarthostStates(RouteTable routes)
{
    /// <summary>Each by its name, and why it is away; null while it can be used or was not asked yet.</summary>
    public IReadOnlyList<(string Name, string? Failure)> Now() =>
    [
        .. routes.All.SelectMany(senders => senders.Route.Smarthosts).GroupBy(smarthost => smarthost.Name)
            .Select(same => (same.Key, same.Select(smarthost => smarthost.Health.LastFailure).FirstOrDefault(failure => failure is not null))),
    ];
}
