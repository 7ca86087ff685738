using Microsoft.AspNetCore.Http;
using Relay.ExchangeSimulator.Mailboxes;
using Relay.ExchangeSimulator.Operations;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Http;

/// <summary>The service behind <c>/EWS/Exchange.asmx</c>: authenticate, parse, validate, run, answer.</summary>
internal sealed class EwsEndpoint(
    SimulatedDatabase database, EwsRequestParser parser, IEnumerable<IOperation> operations, StreamingEndpoint streaming)
{
    private const string ContentType = "text/xml; charset=utf-8";
    private const int MostOctets = 16 * 1024 * 1024;

    private readonly Dictionary<string, IOperation> _operations = operations.ToDictionary(operation => operation.Name);

    public async Task HandleAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        if (BasicCredentials.UserName(http.Request.Headers.Authorization) is not { } account)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"simulator\"";
            return;
        }

        if (await ReadAsync(http) is not { } octets)
        {
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }

        switch (parser.Parse(octets))
        {
            case ParsedRequest.Refused refused:
                await FaultAsync(http, refused.Error, refused.Violation);
                break;
            case ParsedRequest.Operation operation:
                await RunAsync(http, new OperationContext(account, operation.Impersonated, operation.ServerVersion, database), operation);
                break;
        }
    }

    private async Task RunAsync(HttpContext http, OperationContext context, ParsedRequest.Operation request)
    {
        var name = request.Body.Name.LocalName;
        if (name == "GetStreamingEvents")
        {
            await streaming.HandleAsync(http, context, request.Body);
            return;
        }

        // The body's first child decides, whatever SOAPAction says: the published actions are not unique.
        if (!_operations.TryGetValue(name, out var operation))
        {
            await FaultAsync(http, EwsErrors.InvalidRequest, null);
            return;
        }

        OperationResult result;
        lock (database.Gate)
        {
            result = context is { Impersonated: { } address } && database.Find(address) is null
                ? new OperationResult.Fault(EwsErrors.NonExistentMailbox)
                : operation.Run(context, request.Body);
        }

        switch (result)
        {
            case OperationResult.Fault fault:
                await FaultAsync(http, fault.Error, null);
                break;
            case OperationResult.Response response:
                await AnswerAsync(http, StatusCodes.Status200OK, EnvelopeXml.Response(response.Body));
                break;
        }
    }

    /// <summary>Errors in response messages come with status 200, faults with 500: the reference client reads neither the other way.</summary>
    private static Task FaultAsync(HttpContext http, EwsError error, SchemaViolation? violation) =>
        AnswerAsync(http, StatusCodes.Status500InternalServerError, EnvelopeXml.Fault(error, violation));

    private static async Task AnswerAsync(HttpContext http, int status, byte[] envelope)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = ContentType;
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
