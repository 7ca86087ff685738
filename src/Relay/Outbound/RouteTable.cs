namespace Relay.Outbound;

/// <summary>Which route a mail takes: the first whose pattern fits its recipient's domain, else the smarthosts of everybody else.</summary>
internal sealed class RouteTable(IReadOnlyList<(RouteOptions Options, RouteSenders Senders)> routes, RouteSenders rest)
{
    public IReadOnlyList<RouteSenders> All { get; } = [.. routes.Select(route => route.Senders), rest];

    public RouteSenders Of(string recipient)
    {
        string domain = recipient[(recipient.LastIndexOf('@') + 1)..];
        foreach (var (options, senders) in routes)
        {
            if (options.Fits(domain))
            {
                return senders;
            }
        }

        return rest;
    }
}
