using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Bounces;
using Relay.Outbound;
using Relay.Reports;
using Relay.Smtp.Client;
using Relay.Store;
using Relay.Store.Sql;
using Relay.Subscriptions;
using Relay.TestKit.Mail;
using Relay.Tests.Store;

namespace Relay.Tests.Outbound;

/// <summary>A mail that waited in hand for longer than it was claimed.</summary>
public sealed class SenderClaimTests : IAsyncLifetime
{
    private readonly SqliteTestStore _database = new();
    private readonly RecordingMailServer _smarthost = RecordingMailServer.Start();
    private readonly TimeProvider _time = TimeProvider.System;

    private SqlStore Store => _database.Current;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _smarthost.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Is_not_sent_by_us_when_another_has_claimed_it_since()
    {
        await CommitAsync(t => t.Outbox.Add(StoreContract.OutMail("<1@gateway.example>") with { Content = Content("1") }));
        var ours = await ClaimAsync(_time.GetUtcNow().AddHours(-2));
        await ClaimAsync(_time.GetUtcNow());
        await CommitAsync(t => t.Outbox.Add(StoreContract.OutMail("<2@gateway.example>") with { Content = Content("2") }));
        var other = await ClaimAsync(_time.GetUtcNow());

        await SendAsync(ours, other);

        Assert.Equal("<2@gateway.example>", Assert.Single(_smarthost.Mails).MessageId);
        Assert.Equal(OutboxState.Claimed, Store.Read(t => t.Outbox.FindByMessageId("<1@gateway.example>"))!.State);
    }

    [Theory]
    [InlineData("its claim has run out, but nobody came for it", 120)]
    [InlineData("too little of it is left for a slow delivery", 45)]
    public async Task Is_sent_under_a_renewed_claim(string why, int minutesAgo)
    {
        await CommitAsync(t => t.Outbox.Add(StoreContract.OutMail("<1@gateway.example>") with { Content = Content("1") }));
        var ours = await ClaimAsync(_time.GetUtcNow().AddMinutes(-minutesAgo));
        _smarthost.Next(MailServerStage.Content, new MailServerOrder.Wait(TimeSpan.FromMilliseconds(300)));

        var sending = SendAsync(ours);
        await _smarthost.MailAsync(_ => true, "the mail");
        Assert.Empty(await CommitAsync(t => t.Outbox.Claim(1, _time.GetUtcNow().AddMinutes(55), TimeSpan.FromHours(1))));
        await sending;

        Assert.True(Store.Read(t => t.Outbox.Find(ours.Id))!.State == OutboxState.Delivered, why);
        Assert.Single(_smarthost.Mails);
    }

    [Fact]
    public async Task Is_put_back_under_the_renewed_claim_where_the_smarthost_is_away()
    {
        await CommitAsync(t => t.Outbox.Add(StoreContract.OutMail("<1@gateway.example>") with { Content = Content("1") }));
        var ours = await ClaimAsync(_time.GetUtcNow().AddHours(-2));
        await _smarthost.StopAsync();

        await SendAsync(ours);

        Assert.Equal((OutboxState.Waiting, 0), Store.Read(t => t.Outbox.Find(ours.Id)) is { } mail ? (mail.State, mail.Attempts) : default);
    }

    [Fact]
    public async Task Is_not_given_up_for_its_domain_when_another_has_claimed_it_since()
    {
        await CommitAsync(t => t.Outbox.Add(StoreContract.OutMail("<1@gateway.example>") with { CreatedAt = _time.GetUtcNow().AddDays(-6) }));
        var late = await ClaimAsync(_time.GetUtcNow().AddHours(-2));
        var held = await ClaimAsync(_time.GetUtcNow());
        var other = new SendOutcome.Tried(new DeliveryOutcome.Deferred(DeliveryStage.Recipient, null, "no answer in time")) { HungFor = TimeSpan.FromDays(2) };

        await SettleAsync(Options(), settling => settling.AddAsync(late, new SendOutcome.HeldUp(other, TimeSpan.Zero)).AsTask());
        Assert.Equal(OutboxState.Claimed, Store.Read(t => t.Outbox.Find(late.Id))!.State);

        await SettleAsync(Options(), settling => settling.AddAsync(held, new SendOutcome.HeldUp(other, TimeSpan.Zero)).AsTask());
        Assert.Equal(OutboxState.GivenUp, Store.Read(t => t.Outbox.Find(late.Id))!.State);
    }

    private static byte[] Content(string text) =>
        System.Text.Encoding.ASCII.GetBytes($"From: a@gateway.example\r\nTo: app@branch.example\r\nMessage-ID: <{text}@gateway.example>\r\n\r\n{text}\r\n");

    private Task<T> CommitAsync<T>(Func<IStoreTransaction, T> work) => Store.CommitAsync(work, CancellationToken.None);

    private async Task<OutboxMail> ClaimAsync(DateTimeOffset at) =>
        Assert.Single(await CommitAsync(t => t.Outbox.Claim(1, at, TimeSpan.FromHours(1))));

    private DeliveryOptions Options() => new()
    {
        Smarthosts = [new SmarthostOptions("127.0.0.1", _smarthost.Port, SmtpClientTls.None, null, null)],
        Connections = 1,
        FirstRetry = TimeSpan.FromMinutes(1),
        GiveUp = TimeSpan.FromDays(5),
    };

    // One sender with all that it stands on, until every mail has come to its end.
    private Task SendAsync(params OutboxMail[] mails)
    {
        var options = Options();
        var route = new Route([new Smarthost(options.Smarthosts[0], false, options, "gateway.example", _time)], NullLogger.Instance);
        var queue = new RouteQueue(1, new Bell(), _time);
        mails.ToList().ForEach(queue.Add);
        int left = mails.Length;
        return SettleAsync(options, settling => new OutboundSender(route, queue, Store, settling, new EnvelopeIds([1]), options, _time, NullLogger.Instance)
            .RunAsync(_ => left-- > 0, () => { }, CancellationToken.None, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private async Task SettleAsync(DeliveryOptions options, Func<OutcomeSettling, Task> send)
    {
        var forwards = new ForwardReports(new DeliveryReports(new OwnMessageIds([1], new IdSource(RandomNumberGenerator.Create())), "gateway.example", _time), options);
        var settling = new OutcomeSettling(
            Store, new RetrySchedule(options, new Random(1)), new BounceBook(new BounceOptions()), forwards, _time, NullLogger<OutcomeSettling>.Instance);
        var settled = settling.RunAsync(CancellationToken.None);
        await send(settling);
        settling.Complete();
        await settled;
    }
}
