using System.Globalization;
using Microsoft.AspNetCore.Http;
using Relay.ExchangeSimulator.Faults;
using Relay.ExchangeSimulator.Operations;
using Relay.Wire.Ews;

namespace Relay.ExchangeSimulator.Http;

/// <summary>Commits the faults that are on order for one request.</summary>
internal sealed class RequestFaults(FaultPlan plan, TimeProvider time)
{
    private static readonly SchemaViolation Invented = new("The element is invalid because a fault was ordered.", 1, 1);

    /// <summary>A status or a dropped connection instead of an answer.</summary>
    /// <returns>Whether the request is done with.</returns>
    public bool CommitStatus(HttpContext http, string operation)
    {
        if (plan.Take(SimulatorFault.DropRequest, operation) is not null)
        {
            http.Abort();
            return true;
        }

        if (plan.Take(SimulatorFault.Unavailable, operation) is { } unavailable)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            // RFC 9110 §10.2.3: whole seconds.
            http.Response.Headers.RetryAfter = Math.Ceiling(unavailable.Delay.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return true;
        }

        int? status = plan.Take(SimulatorFault.Unauthorized, operation) is not null ? StatusCodes.Status401Unauthorized
            : plan.Take(SimulatorFault.Forbidden, operation) is not null ? StatusCodes.Status403Forbidden
            : plan.Take(SimulatorFault.ErrorPage, operation) is not null ? StatusCodes.Status302Found
            : null;
        if (status is null)
        {
            return false;
        }

        http.Response.StatusCode = status.Value;
        http.Response.Headers.WWWAuthenticate = status == StatusCodes.Status401Unauthorized ? "Basic realm=\"simulator\"" : default;
        http.Response.Headers.Location = status == StatusCodes.Status302Found ? "/ews/genericerrorpage.htm" : default;
        return true;
    }

    /// <summary>A SOAP fault or an error message instead of the operation; null when there is none on order.</summary>
    public OperationResult? TakeResult(string operation)
    {
        if (plan.Take(SimulatorFault.ServerBusy, operation) is { } busy)
        {
            return new OperationResult.Fault(new FaultDetail(EwsErrors.ServerBusy with { BackOff = busy.Delay }));
        }

        if (plan.Take(SimulatorFault.SchemaViolation, operation) is not null)
        {
            return new OperationResult.Fault(new FaultDetail(EwsErrors.SchemaValidation(Invented), Invented));
        }

        if (plan.Take(SimulatorFault.TransientError, operation) is not null)
        {
            return new OperationResult.Fault(new FaultDetail(EwsErrors.InternalServerTransientError));
        }

        if (plan.Take(SimulatorFault.ServerBusyMessage, operation) is { } told)
        {
            return new OperationResult.Response(ResponseFrame.Written(writer =>
                EwsResponseWriter.ErrorResponse(writer, operation, EwsErrors.ServerBusy with { BackOff = told.Delay })));
        }

        var error = operation == "GetEvents" && plan.Take(SimulatorFault.AgedWatermark, operation) is not null ? EwsErrors.InvalidWatermark
            : operation is "GetEvents" or "Unsubscribe" && plan.Take(SimulatorFault.SubscriptionLost, operation) is not null
                ? EwsErrors.SubscriptionNotFound
                : null;
        return error is null ? null : Error(operation, error);
    }

    /// <summary>What a request about a subscription gets on a server that does not know it.</summary>
    public static OperationResult Error(string operation, EwsError error) => new OperationResult.Response(
        ResponseFrame.Written(writer => EwsResponseWriter.ErrorResponse(writer, operation, error)));

    /// <summary>Waits, or drops the connection, after the operation was run.</summary>
    /// <returns>Whether the answer is not to be sent.</returns>
    public async Task<bool> CommitAfterAsync(HttpContext http, string operation)
    {
        if (plan.Take(SimulatorFault.Stall, operation) is { } stall)
        {
            await Task.Delay(stall.Delay, time, http.RequestAborted);
        }

        if (plan.Take(SimulatorFault.DropAnswer, operation) is null)
        {
            return false;
        }

        http.Abort();
        return true;
    }

    public bool TakeGzip(string operation) => plan.Take(SimulatorFault.Gzip, operation) is not null;
}
