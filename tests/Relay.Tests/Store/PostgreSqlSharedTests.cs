using Npgsql;
using Relay.Store;
using Relay.Store.PostgreSql;

namespace Relay.Tests.Store;

/// <summary>What only a store shared by several relays has to keep.</summary>
public sealed class PostgreSqlSharedTests(PostgreSqlServer server) : IAsyncLifetime
{
    private readonly PostgreSqlTestStore _database = new(server);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Several_relays_may_run_and_a_start_leaves_the_claims_of_the_others_alone()
    {
        var (first, running) = PostgreSqlStore.TryOpenForRun(_database.Connection, _database.Folder, TimeProvider.System)!.Value;
        await using var running1 = first;
        using var running2 = running;
        var (second, beside) = PostgreSqlStore.TryOpenForRun(_database.Connection, _database.Folder, TimeProvider.System)!.Value;
        await using var beside1 = second;
        using var beside2 = beside;
        await _database.Current.CommitAsync(tx => tx.Spool.Add(StoreContract.Mail()), CancellationToken.None);
        await _database.Current.ClaimAsync(tx => tx.Spool.Claim(1, StoreContract.Noon, StoreContract.Lease), CancellationToken.None);

        Assert.Equal(0, await second.RecoverAsync(CancellationToken.None));
        Assert.Empty(await second.ClaimAsync(tx => tx.Spool.Claim(1, StoreContract.Noon, StoreContract.Lease), CancellationToken.None));
    }

    [Fact]
    public async Task A_mail_that_kills_one_relay_after_another_is_found_out_and_those_in_hand_beside_it_are_handled()
    {
        var store = _database.Current;
        long poison = await store.CommitAsync(tx => tx.Spool.Add(StoreContract.Mail("poison")), CancellationToken.None);
        var (now, deaths, handled, claimed) = (StoreContract.Noon, 0, 0, default(IReadOnlyList<SpooledMail>)!);
        while (true)
        {
            await store.CommitAsync(tx => Enumerable.Range(0, 5).Count(i => tx.Spool.Add(StoreContract.Mail($"{now:O}-{i}")) > 0), CancellationToken.None);
            for (int second = 0; second < 3600; second++, now += TimeSpan.FromSeconds(1))
            {
                claimed = await store.ClaimAsync(tx => tx.Spool.Claim(10, now, StoreContract.Lease), CancellationToken.None);
                if (claimed.FirstOrDefault(mail => mail.Id == poison) is { } found)
                {
                    if (found.CutsLeft <= 0)
                    {
                        Assert.Equal(CrashSuspects.ByLeases.Most, deaths);
                        Assert.DoesNotContain(claimed, mail => mail.Id != poison && mail.CutsLeft <= 0);
                        Assert.InRange(handled, 5 * (deaths - 1), int.MaxValue);
                        return;
                    }

                    deaths++; // and with it go the others that it had in hand
                    now += StoreContract.Lease;
                    break;
                }

                handled += await store.CommitAsync(tx => claimed.Count(mail => tx.Spool.Release(mail.Id, now, "") && tx.Spool.Drop(mail.Id)), CancellationToken.None);
            }

            Assert.InRange(deaths, 1, CrashSuspects.ByLeases.Most);
        }
    }

    [Fact]
    public async Task Relays_that_start_at_once_make_one_database()
    {
        Assert.NotEmpty(_database.Connection);
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(_database.Open)));

        Assert.Single(stores.Select(store => store.Read(tx => tx.Identity.LogId)).Distinct());
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task Two_relays_that_name_a_mailbox_at_once_give_it_one_id()
    {
        var first = _database.Current;
        await using var second = _database.Open();

        for (var i = 0; i < 20; i++)
        {
            var address = $"m{i}@corp.example";
            var ids = await Task.WhenAll(
                Task.Run(() => first.CommitAsync(tx => tx.Watches.MailboxId(address), CancellationToken.None)),
                Task.Run(() => second.CommitAsync(tx => tx.Watches.MailboxId(address), CancellationToken.None)));
            Assert.Equal(ids[0], ids[1]);
        }
    }

    [Fact]
    public async Task A_request_in_the_hands_of_two_relays_is_executed_once()
    {
        var key = new JournalKey("app@branch.example", "Ews", "<1@branch.example>", [1, 2, 3]);
        await using var second = _database.Open();

        var answers = await Task.WhenAll(new[] { _database.Current, second }.Select((store, i) => Task.Run(() => store.CommitAsync(
            tx =>
            {
                if (tx.Journal.Find(key) is { } known)
                {
                    return known.MessageId;
                }

                tx.Outbox.Add(StoreContract.OutMail());
                tx.Journal.Add(key, "a@b", $"<{i}@g>", new byte[] { 4 }, StoreContract.Noon);
                return $"<{i}@g>";
            },
            CancellationToken.None))));

        Assert.Single(answers.Distinct());
        Assert.Single(second.Read(tx => tx.Outbox.List(null, 0, 10)));
    }

    [Fact]
    public async Task What_two_relays_find_untold_at_once_is_mailed_once()
    {
        await using var second = _database.Open();
        var stores = new[] { _database.Current, second };
        long id = await stores[0].CommitAsync(tx => tx.Subscriptions.Add(StoreContract.NewSubscription()), CancellationToken.None);
        for (long sequence = 1; sequence <= 10; sequence++)
        {
            using var both = new Barrier(2);
            long next = sequence;
            await Task.WhenAll(stores.Select((store, i) => Task.Run(() => store.CommitAsync(
                tx =>
                {
                    var current = tx.Subscriptions.Find(id)!;
                    both.SignalAndWait(TimeSpan.FromMilliseconds(100)); // the other finds the same, if it can
                    if (current.Sequence == next - 1)
                    {
                        tx.Outbox.Add(StoreContract.OutMail($"<{next}-{i}@g>", OutboxKind.Notification, id, next));
                        tx.Subscriptions.Advance(id, new LogPosition(next), next, StoreContract.Noon);
                    }

                    return true;
                },
                CancellationToken.None))));
        }

        Assert.Equal(Enumerable.Range(1, 10).Select(n => (long?)n), second.Read(tx => tx.Outbox.List(null, 0, 100)).Select(mail => mail.Sequence));
    }

    [Fact]
    public async Task What_two_relays_find_due_at_once_is_done_once()
    {
        await using var second = _database.Open();
        var stores = new[] { _database.Current, second };
        long id = await stores[0].CommitAsync(tx => tx.Subscriptions.Add(StoreContract.NewSubscription()), CancellationToken.None);
        await stores[0].CommitAsync(
            tx =>
            {
                tx.Subscriptions.Wake(id, StoreContract.Noon);
                return true;
            },
            CancellationToken.None);
        using var both = new Barrier(2);
        int[] done = await Task.WhenAll(stores.Select(store => Task.Run(() => store.CommitAsync(
            tx =>
            {
                var due = tx.Subscriptions.Due(StoreContract.Noon, 10);
                both.SignalAndWait(TimeSpan.FromMilliseconds(100)); // the other finds the same, if it can
                due.ToList().ForEach(subscription => tx.Subscriptions.Wake(subscription.Id, null));
                return due.Count;
            },
            CancellationToken.None))));
        Assert.Equal([0, 1], done.Order());
    }

    [Fact]
    public async Task A_work_that_meets_others_in_a_deadlock_again_and_again_is_done_in_the_end()
    {
        int tries = 0;
        await _database.Current.CommitAsync(
            tx =>
            {
                tx.Spool.Add(StoreContract.Mail());
                return ++tries < 5 ? throw new PostgresException("deadlock detected", "ERROR", "ERROR", PostgresErrorCodes.DeadlockDetected) : tries;
            },
            CancellationToken.None);

        Assert.Single(_database.Current.Read(tx => tx.Spool.List(null, 0, 10)));
    }

    [Fact]
    public async Task Positions_of_two_relays_become_visible_in_their_order()
    {
        var first = _database.Current;
        await using var second = _database.Open();
        using var stop = new CancellationTokenSource();
        var writers = new[] { first, second }.Select(store => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await store.CommitAsync(tx => tx.Events.Append(1, [StoreContract.Event()], false, StoreContract.Noon), CancellationToken.None);
            }
        })).ToArray();

        // A reader that goes on from the last position it saw must not find that one below it appeared later.
        var seen = new List<long>();
        while (seen.Count < 300)
        {
            var after = new LogPosition(seen.LastOrDefault());
            seen.AddRange(first.Read(tx => tx.Events.After(1, after, 100)).Select(logged => logged.Position.Value));
        }

        await stop.CancelAsync();
        await Task.WhenAll(writers);
        Assert.Equal(Enumerable.Range(1, seen.Count).Select(n => (long)n), seen);
    }

    [Fact]
    public async Task A_work_that_hides_a_failed_statement_is_not_taken_for_committed()
    {
        var store = _database.Current;

        await Assert.ThrowsAnyAsync<Exception>(() => store.CommitAsync(
            tx =>
            {
                var id = tx.Spool.Add(StoreContract.Mail());
                try
                {
                    ((Relay.Store.Sql.SqlTables)tx).Session.Execute("SELECT 1 / 0");
                }
                catch (PostgresException)
                {
                    return 0L;
                }

                return id;
            },
            CancellationToken.None));

        Assert.Empty(store.Read(tx => tx.Spool.List(null, 0, 10)));
    }

    [Fact]
    public async Task A_connection_that_is_cut_is_told_and_the_next_commit_goes_through()
    {
        var store = _database.Current;
        await store.CommitAsync(tx => tx.Spool.Add(StoreContract.Mail()), CancellationToken.None);
        using (var killer = new NpgsqlConnection(_database.Connection))
        {
            killer.Open();
            using var command = new NpgsqlCommand(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", killer);
            command.ExecuteNonQuery();
        }

        var error = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => store.CommitAsync(tx => tx.Spool.Add(StoreContract.Mail()), CancellationToken.None));

        Assert.Equal(StoreFault.Unreachable, error.Fault);
        Assert.True(await store.CommitAsync(tx => tx.Spool.Add(StoreContract.Mail()), CancellationToken.None) > 0);
    }

    [Fact]
    public void A_server_that_is_not_there_is_told_with_a_sentence()
    {
        var error = Assert.Throws<StoreUnavailableException>(
            () => PostgreSqlStore.Open($"Host={_database.Folder};Database=none;Username=none", _database.Folder, TimeProvider.System));

        Assert.Equal(StoreFault.Unreachable, error.Fault);
    }

    [Theory]
    [InlineData("no such database", "Database", "none")]
    [InlineData("no such account", "Username", "nobody_here")]
    public void A_server_that_refuses_us_is_told_with_a_sentence(string why, string key, string value)
    {
        var connection = new NpgsqlConnectionStringBuilder(_database.Connection) { [key] = value };

        var error = Assert.Throws<StoreUnavailableException>(() => PostgreSqlStore.Open(connection.ConnectionString, _database.Folder, TimeProvider.System));

        Assert.True(error.Fault == StoreFault.Unreachable, why);
    }

    [Fact]
    public void A_text_that_is_no_connection_string_is_refused() =>
        Assert.Throws<ArgumentException>(() => new PostgreSqlDialect("Colour=blue"));
}
