using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Relay.Exchange;

/// <summary>
/// HTTP to the EWS endpoint: one POST an operation, authenticated, bounded in time and size. Knows no EWS. Follows no redirect, because
/// the request carries credentials; a redirect to an error page is transient on real servers.
/// </summary>
internal sealed class ExchangeHttp(
    ExchangeOptions options, HttpMessageHandler handler, IExchangeCredentials credentials, TimeProvider time) : IDisposable
{
    private readonly HttpClient _http = new(handler) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Posts and reads the whole answer.</summary>
    internal Task<HttpOutcome> PostAsync(byte[] envelope, Affinity affinity, CancellationToken cancellationToken) =>
        PostAsync(envelope, affinity, options.MaxAnswerBytes, cancellationToken);

    /// <summary>The same, with an answer of no more than so many octets.</summary>
    internal async Task<HttpOutcome> PostAsync(byte[] envelope, Affinity affinity, int most, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.RequestTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using HttpResponseMessage response = await SendAsync(envelope, affinity, both.Token);
            return await ReadAsync(response, most, both.Token);
        }
        catch (Exception failure) when (IsNetworkTrouble(failure, cancellationToken))
        {
            return new HttpOutcome.NoAnswer(Describe(failure), null);
        }
    }

    /// <summary>Posts and hands over the body as it comes: <see cref="HttpOutcome.Opened"/> unless the server refuses at once.</summary>
    internal async Task<HttpOutcome> OpenAsync(byte[] envelope, Affinity affinity, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.RequestTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        HttpResponseMessage? response = null;
        try
        {
            response = await SendAsync(envelope, affinity, both.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                HttpOutcome refused = await ReadAsync(response, options.MaxAnswerBytes, both.Token);
                response.Dispose();
                return refused;
            }

            return new HttpOutcome.Opened(await BodyAsync(response, both.Token), response);
        }
        catch (Exception failure) when (IsNetworkTrouble(failure, cancellationToken))
        {
            response?.Dispose();
            return new HttpOutcome.NoAnswer(Describe(failure), null);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(byte[] envelope, Affinity affinity, CancellationToken cancellationToken)
    {
        var header = await credentials.HeaderAsync(cancellationToken);
        HttpResponseMessage response = await SendAsync(envelope, affinity, header, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized || await credentials.RenewAsync(header, cancellationToken) is not { } renewed)
        {
            return response;
        }

        response.Dispose();
        return await SendAsync(envelope, affinity, renewed, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(
        byte[] envelope, Affinity affinity, AuthenticationHeaderValue? authorization, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Url) { Content = new ByteArrayContent(envelope) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/xml") { CharSet = "utf-8" };
        request.Headers.Accept.ParseAdd("text/xml");
        request.Headers.UserAgent.ParseAdd("Relay");
        request.Headers.Authorization = authorization;
        affinity.Apply(request.Headers);
        HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        affinity.Learn(response.Headers);
        return response;
    }

    private async Task<HttpOutcome> ReadAsync(HttpResponseMessage response, int most, CancellationToken cancellationToken)
    {
        // A SOAP fault comes with 500 from Exchange and with 200 from others.
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.InternalServerError))
        {
            return new HttpOutcome.NoAnswer(Describe(response.StatusCode), RetryAfter(response));
        }

        await using Stream body = await BodyAsync(response, cancellationToken);
        using var octets = new MemoryStream();
        byte[] chunk = new byte[16 * 1024];
        for (int read; (read = await body.ReadAsync(chunk, cancellationToken)) > 0;)
        {
            octets.Write(chunk, 0, read);
            if (octets.Length > most)
            {
                return new HttpOutcome.NoAnswer($"Exchange's answer is longer than {most} octets.", null) { IsTooLong = true };
            }
        }

        return octets.Length == 0
            ? new HttpOutcome.NoAnswer($"Exchange answered {(int)response.StatusCode} with nothing in it.", RetryAfter(response))
            : new HttpOutcome.Answered(octets.ToArray());
    }

    /// <summary>Never asks for compression, since a compressor holds back a stream's last envelope, but bears it.</summary>
    private static async Task<Stream> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        return response.Content.Headers.ContentEncoding.Contains("gzip") ? new GZipStream(body, CompressionMode.Decompress) : body;
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > time.GetUtcNow() => date - time.GetUtcNow(),
        _ => null,
    };

    private string Describe(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized when options.Auth == ExchangeAuth.OAuth =>
            "Exchange answered 401: it does not accept the token; the application needs the permission full_access_as_app, with an administrator's consent.",
        HttpStatusCode.Unauthorized => "Exchange answered 401: it does not accept the user name and password, or not this way of proving them.",
        HttpStatusCode.Forbidden => "Exchange answered 403: EWS is blocked for this account, application or address.",
        HttpStatusCode.NotFound => "Exchange answered 404: there is no EWS endpoint at this address.",
        HttpStatusCode.ServiceUnavailable => "Exchange answered 503: it is too busy to take requests.",
        _ => $"Exchange answered {(int)status}.",
    };

    // A connection that is reset while it is being opened surfaces as a bare SocketException.
    internal static bool IsNetworkTrouble(Exception failure, CancellationToken shutdown) =>
        failure is HttpRequestException or IOException or InvalidDataException or SocketException
        || (failure is OperationCanceledException && !shutdown.IsCancellationRequested);

    /// <summary>Why a server could not be talked to, without its name.</summary>
    internal static string Reason(HttpRequestException failure) => failure.InnerException switch
    {
        AuthenticationException tls => $"TLS failed: {tls.Message}",
        SocketException socket => $"it cannot be reached: {socket.Message}.",
        _ => failure.Message,
    };

    internal static string Describe(Exception failure) => failure switch
    {
        OperationCanceledException => "Exchange did not answer in time.",
        TokenUnavailableException token => token.Message,
        HttpRequestException { InnerException: AuthenticationException tls } => $"TLS with Exchange failed: {tls.Message}",
        HttpRequestException { InnerException: SocketException socket } => $"Exchange cannot be reached: {socket.Message}.",
        _ => $"The connection to Exchange broke: {failure.Message}",
    };
}
