using Relay.TestKit;
using Relay.Tests.Gateway;

namespace Relay.Tests.Operator;

/// <summary>Metrics and traces by OTLP, against a small receiver over real HTTP.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task A_collector_gets_the_metrics_and_a_span_for_each_stage_of_a_mail()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var gateway = await TestGateway.StartAsync(("Telemetry:OtlpEndpoint", collector.Url), ("Telemetry:Interval", "00:00:01"));
        await gateway.AskAsync(Mails.Push(), "sub@branch.example");
        gateway.Exchange.DeliverMail("ann@corp.example", "Order 1", "shop@web.example");
        await gateway.Smarthost.MailAsync(mail => mail.Field("Relay-Sequence") == "1", "a notification");
        await gateway.SettledAsync();
        string[] told = ["relay.mails.handled", "relay.outbox.mails", "relay.notification.lag", "relay.deliveries"];
        await Eventually.TrueAsync(
            () => collector.Spans().Count(span => span.Name == "send") >= 2 && told.All(collector.Metrics().Contains), "the report");

        Assert.All(collector.Requests, request => Assert.Equal("application/x-protobuf", request.Type));
        // Other tests of this process have mails of their own; ours are those that hang together.
        var spans = collector.Spans();
        var chain = spans.Where(span => span.Name == "intake").Select(intake => (
            Own: spans.Where(span => span.Trace == intake.Trace).Select(span => span.Name).Order(),
            Answer: spans.Where(span => intake.Links.Contains(span.Trace)).Select(span => span.Name)));
        Assert.Contains(chain, one => one.Own.SequenceEqual(["accept", "intake", "operation"]) && one.Answer.SequenceEqual(["send"]));
        Assert.Contains(spans.Where(span => span.Name == "notify"), notify => spans.Any(span => span.Name == "send" && span.Trace == notify.Trace));
    }

    [Fact]
    public async Task A_collector_that_is_not_there_holds_up_nothing()
    {
        await using var gateway = await TestGateway.StartAsync(("Telemetry:OtlpEndpoint", $"http://127.0.0.1:{FreePort.Next()}"), ("Telemetry:Interval", "00:00:01"));
        await gateway.AskAsync(Mails.GetMonth, "1@branch.example", "calendar@localhost");
        await gateway.StopRelayAsync().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await gateway.StartRelayAsync();
    }
}
