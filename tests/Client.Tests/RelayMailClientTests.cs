using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Client.Mail;
using Relay.Smtp.Client;
using Relay.TestKit;
using Relay.Wire.Smtp;
using Relay.Wire.Soap;

namespace Relay.Client.Tests;

public sealed class RelayMailClientTests : IAsyncLifetime
{
    private RelayDouble _relay = null!;
    private int _ids;

    public async ValueTask InitializeAsync() => _relay = await RelayDouble.StartAsync();

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    public async Task Answers_find_their_requests_in_any_order()
    {
        await using RelayMailClient client = await StartAsync();
        Task<RelayAnswer>[] asked =
            [.. Enumerable.Range(0, 20).Select(number => client.AskAsync(Request($"{number}"), CancellationToken.None))];
        var requests = new List<SoapMailRequest>();
        while (requests.Count < asked.Length)
        {
            requests.Add(await _relay.RequestAsync());
        }
        foreach (SoapMailRequest request in Enumerable.Reverse(requests))
        {
            Delivered(await _relay.AnswerAsync(request, Envelopes.Month($"the answer to {request.SubjectRaw}")));
        }
        for (int number = 0; number < asked.Length; number++)
        {
            var answer = Assert.IsType<RelayAnswer.Answered>(await Eventually.CompletesAsync(asked[number], "an answer"));
            Assert.Equal($"the answer to {number}", answer.Envelope.Body!.Value);
        }
    }

    [Fact]
    public async Task Answer_may_overtake_the_250_of_its_request()
    {
        await using RelayMailClient client = await StartAsync();
        _relay.BeforeReply = async request => Delivered(await _relay.AnswerAsync(request, Envelopes.Month("early")));
        Task<RelayAnswer> asked = client.AskAsync(Request("a"), CancellationToken.None);
        Assert.IsType<RelayAnswer.Answered>(await Eventually.CompletesAsync(asked, "an answer"));
    }

    [Fact]
    public async Task Fault_is_told_apart_from_an_answer()
    {
        await using RelayMailClient client = await StartAsync();
        _relay.BeforeReply = async request => Delivered(await _relay.AnswerAsync(request, Envelopes.Fault("No such operation.")));
        var faulted = Assert.IsType<RelayAnswer.Faulted>(await client.AskAsync(Request("a"), CancellationToken.None));
        Assert.Equal(SoapFaultCode.Client, faulted.Fault.Code);
        Assert.Equal("No such operation.", faulted.Fault.Reason);
    }

    [Fact]
    public async Task Answer_without_an_envelope_is_unreadable()
    {
        await using RelayMailClient client = await StartAsync();
        _relay.BeforeReply = async request => Delivered(await _relay.SendAsync(RelayDouble.App, Encoding.ASCII.GetBytes(
            $"Message-ID: <plain@relay.example>\r\nIn-Reply-To: {request.AnswersTo}\r\nSubject: Re: a\r\n\r\nCome back tomorrow.\r\n")));
        Assert.IsType<RelayAnswer.Unreadable>(await client.AskAsync(Request("a"), CancellationToken.None));
    }

    [Theory]
    [InlineData("given up", "failed", true)]
    [InlineData("still tried", "delayed", false)]
    public async Task Bounce_ends_its_request_and_a_delay_does_not(string why, string action, bool ends)
    {
        await using RelayMailClient client = await StartAsync();
        _relay.BeforeReply = async request =>
        {
            Delivered(await _relay.SendAsync(RelayDouble.App, Bounce(request, action)));
            if (!ends)
            {
                Delivered(await _relay.AnswerAsync(request, Envelopes.Month("after all")));
            }
        };
        RelayAnswer answer = await client.AskAsync(Request("a"), CancellationToken.None);
        bool isAsExpected = ends ? answer is RelayAnswer.Bounced { Reason: "550 5.1.1 no such user" } : answer is RelayAnswer.Answered;
        Assert.True(isAsExpected, $"{why}: {answer}");
    }

    [Fact]
    public async Task Timeout_is_a_value_and_cancellation_an_exception()
    {
        var time = new ManualTimeProvider();
        await using RelayMailClient client = await StartAsync(time: time);
        using var stop = new CancellationTokenSource();
        Task<RelayAnswer> late = client.AskAsync(Request("late"), CancellationToken.None);
        Task<RelayAnswer> stopped = client.AskAsync(Request("stopped"), stop.Token);
        SoapMailRequest first = await _relay.RequestAsync();
        SoapMailRequest second = await _relay.RequestAsync();

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.CompletesAsync(stopped, "the cancellation"));
        Assert.False(late.IsCompleted);

        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(61));
            return late.IsCompleted;
        }, "the timeout");
        var timedOut = Assert.IsType<RelayAnswer.TimedOut>(await late);
        SoapMailRequest lateRequest = first.SubjectRaw == "late" ? first : second;
        Assert.Equal(lateRequest.AnswersTo, timedOut.MessageId);
    }

    [Fact]
    public async Task Refused_request_says_at_which_stage()
    {
        await using RelayMailClient client = await StartAsync();
        var request = Request("a") with { To = RelayDouble.Address("nobody@localhost") };
        var notSent = Assert.IsType<RelayAnswer.NotSent>(await client.AskAsync(request, CancellationToken.None));
        var refused = Assert.IsType<DeliveryOutcome.Refused>(notSent.Outcome);
        Assert.Equal(DeliveryStage.Recipient, refused.Stage);
        Assert.Equal(550, refused.Reply.Code);
    }

    [Fact]
    public async Task Unreachable_relay_is_a_value()
    {
        await using RelayMailClient client = await StartAsync();
        await _relay.StopAsync();
        var notSent = Assert.IsType<RelayAnswer.NotSent>(await client.AskAsync(Request("a"), CancellationToken.None));
        Assert.Equal(DeliveryStage.Connect, Assert.IsType<DeliveryOutcome.Deferred>(notSent.Outcome).Stage);
    }

    [Fact]
    public async Task Repeated_answer_is_given_once_and_taken_twice()
    {
        await using RelayMailClient client = await StartAsync();
        Task<RelayAnswer> asked = client.AskAsync(Request("a"), CancellationToken.None);
        SoapMailRequest request = await _relay.RequestAsync();
        SoapMail answer = _relay.Compose(Envelopes.Month("once")) with { InReplyTo = request.AnswersTo };
        Delivered(await _relay.SendAsync(answer));
        Assert.IsType<RelayAnswer.Answered>(await Eventually.CompletesAsync(asked, "the answer"));
        Delivered(await _relay.SendAsync(answer));
        Delivered(await _relay.SendAsync(_relay.Compose(Envelopes.Push("S", "w0", Envelopes.NewMail("w1", "I1")))));
        Assert.IsType<IncomingMail.Notification>(await NextAsync(client));
    }

    [Fact]
    public async Task Repeated_request_has_the_same_id_and_octets()
    {
        await using RelayMailClient client = await StartAsync();
        _relay.Reply = SmtpReplies.StoreDown;
        var notSent = Assert.IsType<RelayAnswer.NotSent>(await client.AskAsync(Request("a"), CancellationToken.None));
        SoapMailRequest first = await _relay.RequestAsync();

        _relay.Reply = SmtpReplies.Ok;
        _relay.BeforeReply = async request => Delivered(await _relay.AnswerAsync(request, Envelopes.Month("m")));
        RelayRequest again = Request("a") with { MessageId = notSent.MessageId };
        Assert.IsType<RelayAnswer.Answered>(await client.AskAsync(again, CancellationToken.None));
        SoapMailRequest second = await _relay.RequestAsync();
        Assert.Equal(first.AnswersTo, second.AnswersTo);
        Assert.Equal(first.EnvelopeOctets.ToArray(), second.EnvelopeOctets.ToArray());
    }

    [Fact]
    public async Task Requests_are_plain_soap_mails()
    {
        await using RelayMailClient client = await StartAsync();
        _relay.BeforeReply = async request => Delivered(await _relay.AnswerAsync(request, Envelopes.Month("m")));
        await client.AskAsync(Request("getMonth"), CancellationToken.None);
        SoapMailRequest request = await _relay.RequestAsync();
        Assert.Equal("text/xml", request.PartMediaType);
        Assert.Equal(SoapLayout.Flat, request.Layout);
        Assert.Equal("app@localhost", request.From!.Address.ToString());
        Assert.Equal("<id-1@localhost>", request.AnswersTo);
    }

    private static byte[] Bounce(SoapMailRequest request, string action) => Encoding.ASCII.GetBytes($"""
        From: MAILER-DAEMON@mx.example
        Message-ID: <bounce@mx.example>
        Content-Type: multipart/report; report-type=delivery-status; boundary=b

        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example

        Final-Recipient: rfc822; ews@localhost
        Action: {action}
        Status: 5.1.1
        Diagnostic-Code: smtp; 550 5.1.1 no such user

        --b
        Content-Type: text/rfc822-headers

        Message-ID: {request.AnswersTo}

        --b--

        """.ReplaceLineEndings("\r\n"));

    private static RelayRequest Request(string subject) => new(RelayDouble.Calendar, subject, Envelopes.Month("any"));

    private static void Delivered(DeliveryOutcome outcome) => Assert.IsType<DeliveryOutcome.Delivered>(outcome);

    private static async Task<IncomingMail> NextAsync(RelayMailClient client)
    {
        await foreach (IncomingMail mail in client.IncomingAsync(new CancellationTokenSource(Eventually.DefaultBound).Token))
        {
            return mail;
        }
        throw new InvalidOperationException("The client ended.");
    }

    private async Task<RelayMailClient> StartAsync(TimeProvider? time = null)
    {
        var options = new RelayMailOptions
        {
            From = RelayDouble.App,
            Server = new SmtpClientOptions { Host = "127.0.0.1", Port = _relay.Port, Tls = SmtpClientTls.None },
            Listen = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0),
        };
        RelayMailClient client = await RelayMailClient.StartAsync(options, time ?? TimeProvider.System,
            () => $"id-{Interlocked.Increment(ref _ids)}", NullLoggerFactory.Instance, CancellationToken.None);
        _relay.ClientPort = client.EndPoint!.Port;
        return client;
    }
}
