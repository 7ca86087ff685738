using System.Net;
using System.Net.Http.Headers;
using System.Xml;
using System.Xml.Linq;
using Relay.ExchangeSimulator.Http;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.ExchangeSimulator.Subscriptions;

/// <summary>Posts one notification to a listener and reads its answer.</summary>
/// <param name="http">Follows no redirects.</param>
/// <param name="timeout">How long a listener may take. What Exchange allows is not published.</param>
/// <param name="time">Measures it.</param>
internal sealed class PushClient(HttpClient http, TimeSpan timeout, TimeProvider time)
{
    public async Task<PushOutcome> SendAsync(string url, XElement body, string serverVersion, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(EnvelopeXml.Push(body, serverVersion)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/xml", "utf-8");
        request.Headers.Add("SOAPAction", $"\"{EwsNames.MessagesUri}/SendNotification\"");
        try
        {
            using var response = await http.SendAsync(request, both.Token);
            var answer = await response.Content.ReadAsStringAsync(both.Token);
            return response.StatusCode == HttpStatusCode.OK ? Read(answer) : PushOutcome.Failed;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            // A listener that is down or slow is one of the outcomes.
            return PushOutcome.Failed;
        }
    }

    private static PushOutcome Read(string answer)
    {
        try
        {
            return EwsResponseReader.SendNotificationResult(SafeXml.Load(answer)) switch
            {
                EwsResult<SubscriptionStatus>.Success { Value: SubscriptionStatus.OK } => PushOutcome.Accepted,
                EwsResult<SubscriptionStatus>.Success => PushOutcome.Unsubscribed,
                _ => PushOutcome.Failed,
            };
        }
        catch (XmlException)
        {
            // An answer that is no XML counts as none.
            return PushOutcome.Failed;
        }
    }
}
