namespace Relay.Outbound;

/// <summary>How the smarthosts stand, for whoever looks on.</summary>
internal sealed class SmarthostStates(SmarthostConnector connector, SmarthostHealth health)
{
    /// <summary>Each by its name, and why it is away; null while it can be used or was not asked yet.</summary>
    public IReadOnlyList<(string Name, string? Failure)> Now() => [(connector.Name, health.LastFailure)];
}
