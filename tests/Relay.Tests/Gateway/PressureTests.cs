using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Inbound;
using Relay.Intake;
using Relay.Smtp.Server;
using Relay.Store;
using Relay.TestKit;
using Relay.TestKit.Mail;
using Relay.Tests.Store;
using Relay.Wire.Smtp;

namespace Relay.Tests.Gateway;

/// <summary>The front door while what is behind it cannot keep up: it says so in time, and keeps what it has promised.</summary>
public sealed class PressureTests
{
    [Fact]
    public async Task A_disk_that_stands_still_for_seconds_lets_new_mail_be_refused_at_once_and_loses_none()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.StopRelayAsync();
        SlowStore slow = null!;
        gateway.Around = store => slow = new SlowStore(store);
        await gateway.StartRelayAsync();

        slow.Stop();
        var sessions = Enumerable.Range(0, 5).Select(i => Task.Run(() => gateway.SendAsync(Mails.Request(Mails.GetMonth, $"{i}"), "calendar@localhost"))).ToList();
        await Task.Delay(TimeSpan.FromSeconds(6), TestContext.Current.CancellationToken);
        try
        {
            var clock = Stopwatch.StartNew();
            Assert.Contains("451 4.3.0", await gateway.SendAsync(Mails.Request(Mails.GetMonth, "late"), "calendar@localhost"), StringComparison.Ordinal);
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
            Assert.DoesNotContain(sessions, session => session.IsCompleted);
        }
        finally
        {
            slow.Go(); // or nothing could end
        }

        Assert.All(await Task.WhenAll(sessions), reply => Assert.StartsWith("250", reply, StringComparison.Ordinal));
        await gateway.AskAsync(Mails.GetMonth, "after", "calendar@localhost");
        for (int i = 0; i < 5; i++)
        {
            await gateway.Smarthost.MailAsync(mail => mail.InReplyTo == $"<{i}>", $"answer {i}");
        }

        Assert.DoesNotContain(gateway.Smarthost.Mails, mail => mail.InReplyTo == "<late>");
    }

    [Theory]
    [InlineData("a small mail, whose octets go with its row", 1000)]
    [InlineData("a large one, whose file its row will name", 400_000)]
    public async Task Whoever_waits_for_the_disk_for_a_minute_is_asked_to_come_again_and_nothing_is_thrown_away(string why, int octets)
    {
        await using var database = new SqliteTestStore();
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var slow = new SlowStore(database.Current);
        var time = new ManualTimeProvider();
        slow.Stop();
        var first = Task.Run(() => slow.CommitAsync(_ => true, CancellationToken.None));
        await Eventually.TrueAsync(() => slow.IsBusy, "somebody who holds the disk");

        var delivery = Delivery(slow, new InboundMeters(services.GetRequiredService<IMeterFactory>()), time);
        await delivery.WriteAsync(new ReadOnlySequence<byte>(new byte[octets]), CancellationToken.None);
        var reply = Task.Run(async () => await delivery.CommitAsync(CancellationToken.None));
        await time.ArmedAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(451, (await reply.WaitAsync(TimeSpan.FromSeconds(10))).Code);
        await delivery.DisposeAsync();

        slow.Go();
        Assert.True(await first, why);
        var entry = await Eventually.ValueAsync(() => slow.Read(t => t.Spool.List(null, 0, 1)) is [var only] ? only : null, "the row");
        Assert.Equal(octets, slow.MailFiles.Load(slow.Read(t => t.Spool.Content(entry.Id))!).Length);
    }

    [Fact]
    public async Task A_shutdown_that_waits_no_longer_for_the_disk_leaves_the_file_to_the_row_that_may_still_come()
    {
        await using var database = new SqliteTestStore();
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var slow = new SlowStore(database.Current);
        slow.Stop();
        var first = Task.Run(() => slow.CommitAsync(_ => true, CancellationToken.None));
        await Eventually.TrueAsync(() => slow.IsBusy, "somebody who holds the disk");

        var time = new ManualTimeProvider();
        var delivery = Delivery(slow, new InboundMeters(services.GetRequiredService<IMeterFactory>()), time);
        using var stop = new CancellationTokenSource();
        await delivery.WriteAsync(new ReadOnlySequence<byte>(new byte[400_000]), CancellationToken.None);
        var reply = Task.Run(async () => await delivery.CommitAsync(stop.Token));
        await time.ArmedAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reply);
        await delivery.DisposeAsync();
        Assert.Single(new DirectoryInfo(database.Folder).GetFiles("*", SearchOption.AllDirectories), file => file.Length == 400_000);

        slow.Go();
        Assert.True(await first);
    }

    [Theory]
    [InlineData("answers that the smarthost does not take", true)]
    [InlineData("mails that nobody handles", false)]
    public async Task Too_many_that_wait_let_new_mail_be_refused_until_they_are_gone(string why, bool areAnswers)
    {
        await using var gateway = await TestGateway.StartAsync(("Smtp:Limits:Waiting", "20"));
        gateway.Smarthost.Always(MailServerStage.Connect, new MailServerOrder.Answer("421 4.3.2 away"));
        await gateway.Store.CommitAsync(
            t =>
            {
                for (int i = 0; i < 20; i++)
                {
                    _ = areAnswers
                        ? t.Outbox.Add(StoreContract.OutMail($"<{i}@localhost>") with { Content = "Subject: x\r\n\r\n"u8.ToArray() })
                        : t.Spool.Add(StoreContract.Mail($"m{i}") with { ReceivedAt = gateway.Clock.GetUtcNow() });
                }

                // Nobody has time for them.
                t.Spool.Claim(areAnswers ? 0 : 20, gateway.Clock.GetUtcNow(), TimeSpan.FromHours(1));
                return true;
            },
            CancellationToken.None);
        await Task.Delay(TimeSpan.FromSeconds(1.1), TestContext.Current.CancellationToken);
        Assert.Contains("452 4.3.1", await gateway.SendAsync(Mails.Request(Mails.GetMonth, "1"), "calendar@localhost"), StringComparison.Ordinal);

        gateway.Smarthost.Always(MailServerStage.Connect, null);
        await gateway.Store.CommitAsync(t => t.Spool.ReleaseAllClaims(gateway.Clock.GetUtcNow()), CancellationToken.None);
        gateway.Store.Bells.Spool.Ring();
        await Eventually.TrueAsync(
            async () => (await gateway.SendAsync(Mails.Request(Mails.GetMonth, "2"), "calendar@localhost")).StartsWith("250", StringComparison.Ordinal), why);
    }

    [Theory]
    [InlineData("one dead domain shuts out itself alone", "90", "dead0")]
    [InlineData("even one that has more than all may have, asked for from elsewhere", "130", "dead0")]
    [InlineData("several share what there is, and there is some for others", "30 25 20", "dead0 dead1")]
    [InlineData("below its share nobody is refused", "49", "")]
    [InlineData("nor who has little beside one who has much", "50 10", "dead0")]
    [InlineData("where there is no room at all everybody is", "60 60", "all")]
    [InlineData("however many domains they are for", "20 20 20 20 20", "all")]
    public async Task Answers_that_one_domain_does_not_take_shut_out_those_who_are_answered_there(string why, string waiting, string refused)
    {
        await using var database = new SqliteTestStore();
        int[] counts = [.. waiting.Split(' ').Select(int.Parse)];
        await database.Current.CommitAsync(
            t => counts.SelectMany((count, domain) => Enumerable.Repeat(domain, count))
                .Select((domain, i) => t.Outbox.Add(StoreContract.OutMail($"<{i}@localhost>") with { Recipient = $"app@Dead{domain}.example" })).Count(),
            CancellationToken.None);
        var pressure = new Pressure(database.Current, 100, TimeProvider.System);

        var found = new List<string>();
        foreach (string domain in Enumerable.Range(0, counts.Length).Select(n => $"dead{n}"))
        {
            if (await RefusalAsync($"app@{domain}.example") is { } reply)
            {
                Assert.StartsWith("452 4.3.1", reply.ToString(), StringComparison.Ordinal);
                found.Add(domain);
            }
        }

        bool isAll = refused == "all";
        Assert.True(isAll ? found.Count == counts.Length : string.Join(' ', found) == refused, $"{why}: {string.Join(' ', found)}");
        Assert.Equal(isAll, await RefusalAsync("app@alive.example") is not null);
        Assert.Equal(isAll, await pressure.RefusalAsync(0, null) is not null); // a report

        ValueTask<SmtpReply?> RefusalAsync(string sender)
        {
            Assert.True(MailAddress.TryParse(sender, out var address));
            return pressure.RefusalAsync(0, address);
        }
    }

    [Fact]
    public async Task A_disk_that_is_nearly_full_lets_new_mail_be_refused_while_what_was_accepted_is_answered()
    {
        using var disk = SmallDisk.Mount(megabytes: 110);
        await using var gateway = await TestGateway.StartAsync(("Store:ConnectionString", $"Data Source={Path.Combine(disk.Folder, "relay.db")}"));
        gateway.Smarthost.Always(MailServerStage.Connect, new MailServerOrder.Answer("421 4.3.2 away"));
        Assert.StartsWith("250", await gateway.SendAsync(Mails.Request(Mails.GetMonth, "before"), "calendar@localhost"), StringComparison.Ordinal);

        string ballast = Path.Combine(disk.Folder, "others");
        await File.WriteAllBytesAsync(ballast, new byte[50_000_000], TestContext.Current.CancellationToken); // some 45 MB are left
        await Task.Delay(TimeSpan.FromSeconds(1.1), TestContext.Current.CancellationToken); // what was found before holds for a second
        Assert.Contains("452 4.3.1", await gateway.SendAsync(Mails.Request(Mails.GetMonth, "full"), "calendar@localhost"), StringComparison.Ordinal);
        gateway.Smarthost.Always(MailServerStage.Connect, null);
        await gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<before>", "the answer");

        File.Delete(ballast);
        await Task.Delay(TimeSpan.FromSeconds(1.1), TestContext.Current.CancellationToken);
        await gateway.AskAsync(Mails.GetMonth, "after", "calendar@localhost");
        Assert.DoesNotContain(gateway.Smarthost.Mails, mail => mail.InReplyTo == "<full>");
    }

    [Fact]
    public async Task Mail_that_is_only_passed_on_is_refused_when_too_much_of_it_waits_and_requests_are_not()
    {
        await using var gateway = await TestGateway.StartAsync(("Smtp:Limits:Waiting", "10"));
        gateway.Smarthost.ForRecipient("postmaster@localhost", new MailServerOrder.Answer("451 4.2.1 later"));
        for (int number = 1; number <= 10; number++)
        {
            Assert.StartsWith("250", await HelpAsync(number), StringComparison.Ordinal);
        }

        await Eventually.TrueAsync(async () => (await HelpAsync(11)).Contains("452 4.3.1", StringComparison.Ordinal), "a refusal");
        await gateway.AskAsync(Mails.GetMonth, "1@branch.example", "calendar@localhost");

        Task<string> HelpAsync(int number) => gateway.SendAsync(Mails.Mail("Help!", $"{number}@where.example", type: "text/plain"), "postmaster@localhost", "anybody@where.example");
    }

    [Fact]
    public async Task A_request_whose_answer_finds_no_room_is_not_executed_again_and_again_meanwhile()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.StopRelayAsync();
        FullStore full = null!;
        gateway.Around = store => full = new FullStore(store, typeof(List<StepOutcome>));
        await gateway.StartRelayAsync();

        await gateway.SendAsync(Mails.Request(Mails.GetMonth, "1"), "calendar@localhost");
        await Task.Delay(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken);
        Assert.InRange(full.Refused, 1, 3);

        full.IsFull = false;
        await gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<1>", "the answer", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_database_that_stands_still_does_not_hold_the_thread_that_reads_for_the_sessions()
    {
        await using var database = new SqliteTestStore();
        var slow = new SlowStore(database.Current);
        var pressure = new Pressure(slow, 10, TimeProvider.System);
        slow.IsAnswering.Reset();
        try
        {
            var called = Task.Factory.StartNew(
                () => pressure.RefusalAsync(0, null).AsTask(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            var refusal = await Eventually.CompletesAsync(called, "the thread has others to serve");
            Assert.False(refusal.IsCompleted);
            slow.IsAnswering.Set();
            Assert.Null(await Eventually.CompletesAsync(refusal, "the answer"));
        }
        finally
        {
            slow.IsAnswering.Set();
        }
    }

    [Fact]
    public async Task A_disk_that_does_not_say_how_full_it_is_holds_one_thread_and_neither_the_sessions_loop_nor_a_thread_for_each_mail()
    {
        await using var database = new SqliteTestStore();
        var slow = new SlowStore(database.Current);
        var time = new ManualTimeProvider();
        var pressure = new Pressure(slow, 10, time);
        Assert.Null(await pressure.RefusalAsync(1000, null));
        int asked = slow.Asked;
        slow.HasDisk.Reset();
        try
        {
            time.Advance(TimeSpan.FromSeconds(2));
            var called = Task.Factory.StartNew(
                () => Enumerable.Range(0, 20).Select(_ => pressure.RefusalAsync(1000, null).AsTask()).ToList(),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
            var waiting = await Eventually.CompletesAsync(called, "the thread has others to serve");
            await Eventually.TrueAsync(() => slow.Asked > asked, "the disk is asked");
            Assert.All(waiting, refusal => Assert.False(refusal.IsCompleted));
            time.Advance(TimeSpan.FromSeconds(5));
            Assert.All(await Eventually.CompletesAsync(Task.WhenAll(waiting), "all are told"), refusal => Assert.Equal(451, refusal?.Code));

            time.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(451, (await Eventually.CompletesAsync(pressure.RefusalAsync(0, null).AsTask(), "told at once"))?.Code);
            Assert.Equal(asked + 1, slow.Asked);
        }
        finally
        {
            slow.HasDisk.Set();
        }

        await Eventually.TrueAsync(async () => await pressure.RefusalAsync(1000, null) is null, "the disk is back");
    }

    [Fact]
    public async Task Content_that_is_coming_counts_with_its_announced_size_until_the_disk_can_know_of_it()
    {
        await using var database = new SqliteTestStore();
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var time = new ManualTimeProvider();
        var pressure = new Pressure(database.Current, 10, time);
        long room = database.Current.MailFiles.Room();
        long most = room - 500_000_000; // others write to this disk too
        Assert.Null(await pressure.RefusalAsync(most, null));
        var delivery = Delivery(database.Current, new InboundMeters(services.GetRequiredService<IMeterFactory>()), time, pressure, size: 1_000_000_000);
        Assert.Equal(452, (await pressure.RefusalAsync(most, null))?.Code);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(452, (await pressure.RefusalAsync(most, null))?.Code); // on a slow line

        await delivery.DisposeAsync();
        await delivery.DisposeAsync();
        Assert.Null(await pressure.RefusalAsync(most, null)); // it did not come

        pressure.Expect(0);
        pressure.Come(0, 1_000_000_000);
        Assert.Equal(452, (await pressure.RefusalAsync(most, null))?.Code); // since the disk was asked
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await pressure.RefusalAsync(most, null));
    }

    [Fact]
    public async Task Whoever_announces_large_mails_and_brings_none_takes_nobodys_room()
    {
        await using var database = new SqliteTestStore();
        var pressure = new Pressure(database.Current, 10, new ManualTimeProvider());
        long most = database.Current.MailFiles.Room() - 500_000_000; // others write to this disk too
        for (int i = 0; i < 100; i++)
        {
            Assert.Null(await pressure.RefusalAsync(most, null));
        }
    }

    [Fact]
    public async Task A_disk_that_fills_while_a_mail_comes_is_no_room_and_not_a_store_that_is_down()
    {
        using var disk = SmallDisk.Mount(megabytes: 8);
        await using var store = SqliteTestStore.OpenIn(disk.Folder);
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var delivery = Delivery(store, new InboundMeters(services.GetRequiredService<IMeterFactory>()), TimeProvider.System);
        for (int i = 0; i < 100; i++)
        {
            await delivery.WriteAsync(new ReadOnlySequence<byte>(new byte[100_000]), CancellationToken.None);
        }

        Assert.Empty(Directory.GetFiles(Path.Combine(disk.Folder, "relay.db.mails"))); // before the client has ended
        Assert.Equal(SmtpReplies.StoreFull, await delivery.CommitAsync(CancellationToken.None));
        await delivery.DisposeAsync();
        Assert.Empty(store.Read(t => t.Spool.List(null, 0, 1)));
    }

    private static SpoolDelivery Delivery(IStore store, InboundMeters meters, TimeProvider time, Pressure? pressure = null, long? size = null)
    {
        Assert.True(MailAddress.TryParse("app@branch.example", out var sender));
        Assert.True(MailAddress.TryParse("ews@localhost", out var recipient));
        var client = new SmtpClientInfo(IPAddress.Loopback, "branch.example", false, null, SmtpProtocol.Smtp);
        var transaction = new MailTransaction(
            new MailParameters(sender, size, false, false, null, null), [new RecipientParameters(recipient!, null, null)], "mail");
        return new SpoolDelivery(
            store, pressure ?? new Pressure(store, 10, time), client, transaction, isFinal: false, "localhost", meters, time, NullLogger.Instance);
    }
}
