using System.IO.Compression;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.ExchangeSimulator.Operations;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Http;

/// <summary>The service behind <c>/EWS/Exchange.asmx</c>.</summary>
/// <remarks>1 the caller names himself; 2 the request is read, parsed and validated; 3 the operation is run; 4 the answer is written.</remarks>
internal sealed class EwsEndpoint(
    SimulatedDatabase database,
    EwsRequestParser parser,
    IEnumerable<IOperation> operations,
    StreamingEndpoint streaming,
    RequestFaults faults,
    AffinityCookie affinity,
    ExchangeSimulatorOptions options)
{
    private const string ContentType = "text/xml; charset=utf-8";
    private const int MostOctets = 16 * 1024 * 1024;

    private readonly Dictionary<string, IOperation> _operations = operations.ToDictionary(operation => operation.Name);
    private readonly CallerBudgets _requests = new();
    private readonly CallerBudgets _streams = new();

    public async Task HandleAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        if (CallerNames.Read(http.Request.Headers.Authorization, options.Auth) is not { } account)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            http.Response.Headers.WWWAuthenticate = $"{options.Auth} realm=\"simulator\"";
            return;
        }

        if (await ReadAsync(http) is not { } octets)
        {
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }

        AffinityCookie.Offer(http);
        switch (parser.Parse(octets))
        {
            case ParsedRequest.Refused refused:
                await FaultAsync(http, refused.Fault);
                break;
            case ParsedRequest.Operation operation:
                var context = new OperationContext(account, operation.Impersonated, operation.ServerVersion, database);
                await RunAsync(http, context, operation.Body);
                break;
        }
    }

    private async Task RunAsync(HttpContext http, OperationContext context, XElement body)
    {
        // The body's first child decides, whatever SOAPAction says: the published actions are not unique.
        var name = body.Name.LocalName;
        if (faults.CommitStatus(http, name))
        {
            return;
        }

        var isStream = name == "GetStreamingEvents";
        // A stream is charged to the mailbox that is impersonated, where one is, and never counts as a request.
        using var place = isStream
            ? _streams.Enter(context.Impersonated ?? context.Account, options.Limits.Streams)
            : _requests.Enter(context.Account, options.Limits.Concurrency);
        if (place is null)
        {
            await FaultAsync(http, isStream
                ? FaultDetail.ConnectionCount("HangingConnectionLimit", options.Limits.Streams ?? 0)
                : FaultDetail.ConnectionCount("EWSMaxConcurrency", options.Limits.Concurrency ?? 0));
            return;
        }

        var result = faults.TakeResult(name) ?? (isStream ? StreamRefusal(context) : Run(http, context, name, body));
        if (await faults.CommitAfterAsync(http, name))
        {
            return;
        }

        switch (result)
        {
            case OperationResult.Fault fault:
                await FaultAsync(http, fault.Detail);
                break;
            case OperationResult.Response response:
                await AnswerAsync(http, StatusCodes.Status200OK, EnvelopeXml.Response(response.Body), faults.TakeGzip(name));
                break;
            default:
                await streaming.HandleAsync(http, context, body, affinity.IsLost(http), faults.TakeGzip(name));
                break;
        }
    }

    /// <summary>Streams are served elsewhere, unless the stated version does not know them, or nobody is who they are asked for.</summary>
    private OperationResult.Fault? StreamRefusal(OperationContext context) =>
        !ServerVersions.IsAtLeast(context.ServerVersion, ServerVersions.Streaming)
            ? new OperationResult.Fault(new FaultDetail(EwsErrors.IncorrectSchemaVersion))
            : UnknownOwner(context);

    private OperationResult.Fault? UnknownOwner(OperationContext context)
    {
        lock (database.Gate)
        {
            return context is { Impersonated: { } address } && database.Find(address) is null
                ? new OperationResult.Fault(new FaultDetail(EwsErrors.NonExistentMailbox))
                : null;
        }
    }

    private OperationResult Run(HttpContext http, OperationContext context, string name, XElement body)
    {
        if (!_operations.TryGetValue(name, out var operation))
        {
            return new OperationResult.Fault(new FaultDetail(EwsErrors.InvalidRequest));
        }

        if (name is "GetEvents" or "Unsubscribe" && affinity.IsLost(http))
        {
            return RequestFaults.Error(name, EwsErrors.SubscriptionNotFound);
        }

        lock (database.Gate)
        {
            return context is { Impersonated: { } address } && database.Find(address) is null
                ? new OperationResult.Fault(new FaultDetail(EwsErrors.NonExistentMailbox))
                : operation.Run(context, body);
        }
    }

    /// <summary>Errors in response messages come with status 200, faults with 500: the reference client reads neither the other way.</summary>
    private static Task FaultAsync(HttpContext http, FaultDetail fault) =>
        AnswerAsync(http, StatusCodes.Status500InternalServerError, EnvelopeXml.Fault(fault), compress: false);

    private static async Task AnswerAsync(HttpContext http, int status, byte[] envelope, bool compress)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = ContentType;
        if (compress)
        {
            http.Response.Headers.ContentEncoding = "gzip";
            await using var gzip = new GZipStream(http.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
            await gzip.WriteAsync(envelope, http.RequestAborted);
            return;
        }

        http.Response.ContentLength = envelope.Length;
        await http.Response.Body.WriteAsync(envelope, http.RequestAborted);
    }

    private static async Task<byte[]?> ReadAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0)
        {
            if (body.Length + count > MostOctets)
            {
                return null;
            }

            body.Write(buffer, 0, count);
        }

        return body.ToArray();
    }
}
