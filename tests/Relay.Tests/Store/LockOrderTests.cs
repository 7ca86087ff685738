using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Relay.Bounces;
using Relay.Notifications;
using Relay.Outbound;
using Relay.Reports;
using Relay.Smtp.Client;
using Relay.Store;
using Relay.Subscriptions;
using Relay.TestKit;
using Relay.Wire.Smtp;
using Relay.Wire.Soap;

namespace Relay.Tests.Store;

/// <summary>Who deals with several subscriptions in one transaction holds their rows in the order of their ids, so that two relays do not block each other.</summary>
public sealed class LockOrderTests(PostgreSqlServer server) : IAsyncLifetime
{
    private readonly PostgreSqlTestStore _database = new(server);
    private readonly ManualTimeProvider _clock = new(StoreContract.Noon);
    private readonly List<long> _ids = [];

    public async ValueTask InitializeAsync()
    {
        foreach (string name in new[] { "first", "second" })
        {
            _ids.Add(await CommitAsync(t => t.Subscriptions.Add(StoreContract.NewSubscription(name))));
        }
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task What_became_of_mails_is_settled_in_that_order()
    {
        var mails = new List<OutboxMail>();
        foreach (long id in Enumerable.Reverse(_ids))
        {
            await CommitAsync(t => t.Outbox.Add(StoreContract.OutMail($"<{id}@g>", OutboxKind.Notification, id, 1)));
            mails.AddRange(await CommitAsync(t => t.Outbox.Claim(1, StoreContract.Noon, OutboundWorker.Lease)));
        }

        var options = new DeliveryOptions { Smarthosts = [], Connections = 1, FirstRetry = TimeSpan.FromMinutes(1), GiveUp = TimeSpan.FromDays(5) };
        var ids = new OwnMessageIds([1], new IdSource(RandomNumberGenerator.Create()));
        var settling = new OutcomeSettling(
            _database.Current,
            new RetrySchedule(options, new Random(1)),
            new BounceBook(new BounceOptions()),
            new ForwardReports(new DeliveryReports(ids, "gateway.example", _clock), options),
            _clock,
            NullLogger<OutcomeSettling>.Instance);
        var unknown = new DeliveryOutcome.Refused(DeliveryStage.Recipient, new SmtpReply(550, new EnhancedStatus(5, 1, 1), "unknown"));
        foreach (var mail in mails)
        {
            await settling.AddAsync(mail, new SendOutcome.Tried(unknown));
        }

        settling.Complete();
        await RunBesideAsync(() => settling.RunAsync(CancellationToken.None));
        Assert.All(_ids, id => Assert.Equal(SubscriptionState.Suspended, _database.Current.Read(t => t.Subscriptions.Find(id))!.State));
    }

    [Fact]
    public async Task Acknowledgements_are_awaited_in_that_order()
    {
        await CommitAsync(t =>
        {
            foreach (long id in _ids)
            {
                var subscription = t.Subscriptions.Find(id)!;
                (SubscriptionSettings.Of(subscription) with { Awaited = new AwaitedAcknowledgement(1, 1) }).Save(t, subscription);
            }

            return true;
        });
        byte[] key = _database.Current.Read(t => t.Identity.SigningKey);
        var composer = new NotificationComposer(
            new WatermarkCodec(_database.Current.Read(t => t.Identity.LogId)),
            new SubscriptionTokens(key),
            new OwnMessageIds(key, new IdSource(RandomNumberGenerator.Create())));
        var clock = new SubscriptionClock(_database.Current, composer, NullLogger<SubscriptionClock>.Instance);

        await RunBesideAsync(() => clock.RunAsync(StoreContract.Noon, [.. Enumerable.Reverse(_ids)], CancellationToken.None));
        Assert.All(
            _ids,
            id => Assert.NotNull(SubscriptionSettings.Of(_database.Current.Read(t => t.Subscriptions.Find(id))!).Awaited!.MailedAt));
    }

    [Fact]
    public async Task A_stream_is_not_closed_before_the_answer_that_another_relay_is_just_mailing()
    {
        var frame = new ReplyFrame
        {
            From = "ews@gateway.example",
            To = "app@branch.example",
            Subject = "Re: GetStreamingEvents",
            InReplyTo = "<1@branch.example>",
            References = ["<1@branch.example>"],
            Version = SoapVersion.Soap11,
            Layout = SoapLayout.Flat,
            MediaType = "text/xml",
        };
        long stream = await CommitAsync(t => t.Streams.Open(frame.ToText(), StoreContract.Noon, [_ids[0]]));
        var closing = new StreamClosing(
            _database.Current, new OwnMessageIds([1], new IdSource(RandomNumberGenerator.Create())), NullLogger<StreamClosing>.Instance);
        await using var second = _database.Open();
        var running = Task.CompletedTask;

        await Task.Run(() => second.CommitAsync(
            t =>
            {
                t.Subscriptions.Find(_ids[0]);
                running = Task.Run(() => closing.RunAsync(StoreContract.Noon, CancellationToken.None));
                OneWaitsAsync().GetAwaiter().GetResult();
                return t.Outbox.Add(StoreContract.OutMail("<event@g>", OutboxKind.Answer, _ids[0], 1));
            },
            CancellationToken.None));
        await running;
        Assert.Single(second.Read(t => t.Outbox.List(null, 0, 10)));

        await CommitAsync(t => t.Outbox.Delivered(t.Outbox.Claim(1, StoreContract.Noon, OutboundWorker.Lease)[0].Id, "250", StoreContract.Noon));
        await closing.RunAsync(StoreContract.Noon, CancellationToken.None);
        Assert.Equal(2, second.Read(t => t.Outbox.List(null, 0, 10)).Count);
        Assert.Null(second.Read(t => t.Streams.Find(stream)));
    }

    // Another relay that has the first row finds the second one free, however long we wait for the first.
    private async Task RunBesideAsync(Func<Task> run)
    {
        Task running;
        await using (var other = new NpgsqlConnection(_database.Connection))
        {
            await other.OpenAsync();
            await using var holding = await other.BeginTransactionAsync();
            await ExecuteAsync(other, $"SELECT id FROM subscription WHERE id = {_ids[0]} FOR UPDATE");
            running = Task.Run(run);
            await OneWaitsAsync();
            Assert.Equal(_ids[1], await ExecuteAsync(other, $"SELECT id FROM subscription WHERE id = {_ids[1]} FOR UPDATE NOWAIT"));
            await holding.CommitAsync();
        }

        await running;
    }

    private async Task OneWaitsAsync()
    {
        await using var connection = new NpgsqlConnection(_database.Connection); // in a transaction it would see one moment
        await connection.OpenAsync();
        var since = Stopwatch.StartNew();
        while (await ExecuteAsync(connection, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") is not 1L)
        {
            Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
            await Task.Delay(20);
        }
    }

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private Task<T> CommitAsync<T>(Func<IStoreTransaction, T> work) => _database.Current.CommitAsync(work, CancellationToken.None);
}
