namespace Relay.Tests.Exchange;

/// <summary>Stands before a server: may answer a request itself, by its operation, and change what the server answers.</summary>
internal sealed class RewritingHandler : DelegatingHandler
{
    private static readonly string[] Operations = ["GetItem", "GetFolder", "GetAttachment", "FindFolder"];
    private int _requests;

    public RewritingHandler()
        : base(new SocketsHttpHandler { UseCookies = false })
    {
    }

    /// <summary>Given the operation and how many requests came before, an answer instead of the server's; null leaves it to the server.</summary>
    public Func<string, int, HttpResponseMessage?> Instead { get; set; } = (_, _) => null;

    /// <summary>Changes an answer of the server.</summary>
    public Func<string, string> Rewrite { get; set; } = answer => answer;

    public int Requests => _requests;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = await request.Content!.ReadAsStringAsync(cancellationToken);
        var operation = Operations.First(name => body.Contains($":{name}>", StringComparison.Ordinal) || body.Contains($"<{name} ", StringComparison.Ordinal)
            || body.Contains($":{name} ", StringComparison.Ordinal));
        if (Instead(operation, _requests++) is { } answer)
        {
            return answer;
        }

        var response = await base.SendAsync(request, cancellationToken);
        response.Content = new StringContent(Rewrite(await response.Content.ReadAsStringAsync(cancellationToken)));
        return response;
    }
}
