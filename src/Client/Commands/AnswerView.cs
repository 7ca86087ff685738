using System.Text.Json.Nodes;
using System.Xml.Linq;
using Relay.Client.Mail;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Client.Commands;

/// <summary>An answer that another program asked for, as lines of text and as JSON.</summary>
internal static class AnswerView
{
    public static string Text(SoapEnvelope envelope) => envelope switch
    {
        { Body: null } => "  an empty body",
        { IsFault: true } => $"  {Sentences.Of(FaultReader.Read(envelope.Version, envelope.Body))}",
        { Body.Name.LocalName: "getMonthResponse" } => envelope.Body.Value.TrimEnd('\n'),
        _ => Subscribed(envelope.Body) is { } made
            ? $"  SubscriptionId: {made.SubscriptionId}{Environment.NewLine}  Watermark: {made.Watermark}"
            : $"  {envelope.Body.Name.LocalName}",
    };

    public static JsonObject Json(SoapEnvelope envelope)
    {
        EwsSubscribed? made = Subscribed(envelope.Body);
        return new JsonObject
        {
            ["body"] = envelope.Body?.Name.LocalName,
            ["subscriptionId"] = made?.SubscriptionId,
            ["watermark"] = made?.Watermark,
        };
    }

    private static EwsSubscribed? Subscribed(XElement? body) =>
        body?.Name.LocalName == "SubscribeResponse"
        && EwsResponseReader.Subscribe(body.AncestorsAndSelf().Last()) is EwsResult<EwsSubscribed>.Success { Value: var made }
            ? made
            : null;
}
