using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Relay.Operator;

/// <summary>
/// Refuses what is asked under another name than this machine's address (421, RFC 9110 §15.5.20): a web page elsewhere could have its own name lead
/// here, and a browser on this machine would then let it read the answers.
/// </summary>
internal static class AskedName
{
    /// <summary>For all but endpoints that say themselves which hosts they serve.</summary>
    public static void RefuseOtherNames(this WebApplication app) => app.Use((context, next) =>
        IsOurs(context.Request.Host.Host) || context.GetEndpoint()?.Metadata.GetMetadata<IHostMetadata>() is { Hosts.Count: > 0 }
            ? next(context)
            : Results.Text("Ask by the address of this machine, not by a name.\n", statusCode: StatusCodes.Status421MisdirectedRequest).ExecuteAsync(context));

    // Browsers always name one; probes in HTTP/1.0 need not.
    private static bool IsOurs(string host) =>
        host.Length == 0 || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host.Trim('[', ']'), out _);
}
