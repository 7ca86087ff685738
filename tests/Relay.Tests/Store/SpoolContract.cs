using Relay.Store;
using Relay.Store.Sql;

namespace Relay.Tests.Store;

public abstract class SpoolContract(TestStore database) : StoreContract(database)
{
    // As long as a mail waits, at most, the first time that its claim has run out.
    private static readonly TimeSpan Seconds = TimeSpan.FromSeconds(2);

    private CrashSuspects Suspects => Store.Read(tx => ((SqlTables)tx).Session.Dialect.Suspects);

    private int Harmless => Suspects.Harmless;

    [Fact]
    public async Task What_is_claimed_is_what_was_added()
    {
        var added = Mail(octets: [0, 13, 10, 255]);
        var id = await Commit(tx => tx.Spool.Add(added));

        var claimed = Assert.Single(await Commit(tx => tx.Spool.Claim(10, Noon, Lease)));

        Assert.Equal(id, claimed.Id);
        Assert.Equal(added.ReceivedAt, claimed.ReceivedAt);
        Assert.Equal(added.MailId, claimed.MailId);
        Assert.Equal(added.ReversePath, claimed.ReversePath);
        Assert.Equal(added.Recipients, claimed.Recipients);
        Assert.Equal(added.Origin, claimed.Origin);
        Assert.Equal(1, claimed.Attempts);
        Assert.Equal([0, 13, 10, 255], Assert.IsType<MailContent.Inline>(claimed.Content).Octets.ToArray());
    }

    public static TheoryData<string, string?, string?, string?, string?> Wishes => new()
    {
        { "all there is", "a b+c=ü", "FULL", "SUCCESS,DELAY", "rfc822;a b+c=ü@old.example" },
        { "of the mail only", "x", "HDRS", null, null },
        { "of a recipient only", null, null, "NEVER", null },
        { "an address of another kind", null, null, null, "utf-8;\\x{20AC}@old.example" },
    };

    [Theory]
    [MemberData(nameof(Wishes))]
    public async Task What_the_sender_wants_to_be_told_is_kept(string why, string? envelopeId, string? ret, string? notify, string? original)
    {
        var wishes = new ReportWishes(envelopeId, ret, [new RecipientWishes(notify, original), RecipientWishes.None]);
        await Commit(tx => tx.Spool.Add(Mail() with { Wishes = wishes }));
        await Store.RecoverAsync(CancellationToken.None);
        await Store.SpoolAsync(Mail("m2") with { Wishes = wishes }, CancellationToken.None);
        await Commit(tx => tx.Spool.Add(Mail("m3")));

        var claimed = new List<SpooledMail>();
        await Relay.TestKit.Eventually.TrueAsync(
            async () =>
            {
                claimed.AddRange(await Commit(tx => tx.Spool.Claim(10, Noon, Lease)));
                return claimed.Count == 3;
            },
            "all three");

        foreach (string id in new[] { "m1", "m2" })
        {
            var read = claimed.Single(mail => mail.MailId == id).Wishes!;
            Assert.True((envelopeId, ret) == (read.EnvelopeId, read.Ret), why);
            Assert.Equal(wishes.Recipients, read.Recipients);
        }

        Assert.Null(claimed.Single(mail => mail.MailId == "m3").Wishes);
    }

    [Fact]
    public async Task A_null_reverse_path_is_not_an_empty_one()
    {
        await Commit(tx => tx.Spool.Add(Mail() with { ReversePath = null }));

        Assert.Null((await Commit(tx => tx.Spool.Claim(1, Noon, Lease)))[0].ReversePath);
    }

    [Fact]
    public async Task Mails_are_claimed_oldest_first_and_no_more_than_asked_for()
    {
        var ids = await Commit(tx => Enumerable.Range(0, 5).Select(i => tx.Spool.Add(Mail($"m{i}"))).ToArray());

        Assert.Equal(ids[..3], (await Commit(tx => tx.Spool.Claim(3, Noon, Lease))).Select(mail => mail.Id));
        Assert.Equal(ids[3..], (await Commit(tx => tx.Spool.Claim(3, Noon, Lease))).Select(mail => mail.Id));
    }

    [Fact]
    public async Task Two_claimers_at_once_never_hold_the_same_mail()
    {
        await Commit(tx => Enumerable.Range(0, 100).Select(i => tx.Spool.Add(Mail($"m{i}"))).ToArray());
        await using var second = Database.Open();

        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() =>
            (i % 2 == 0 ? Store : second).CommitAsync(tx => tx.Spool.Claim(5, Noon, Lease), CancellationToken.None))));

        var ids = claims.SelectMany(mails => mails).Select(mail => mail.Id).ToList();
        Assert.Equal(100, ids.Count);
        Assert.Equal(100, ids.Distinct().Count());
    }

    [Fact]
    public async Task A_claim_holds_until_its_lease_runs_out()
    {
        await Commit(tx => tx.Spool.Add(Mail()));
        await Commit(tx => tx.Spool.Claim(1, Noon, Lease));

        Assert.Empty(await Commit(tx => tx.Spool.Claim(1, Noon + Lease - TimeSpan.FromMilliseconds(1), Lease)));
        Assert.Empty(await Commit(tx => tx.Spool.Claim(1, Noon + Lease, Lease))); // whoever held it died of something
        Assert.Equal((1, 1), Told(Assert.Single(await Commit(tx => tx.Spool.Claim(1, Noon + Lease + Seconds, Lease)))));
    }

    [Fact]
    public async Task A_mail_whose_claims_run_out_again_and_again_waits_longer_each_time_and_apart_from_others_until_it_is_to_be_set_aside()
    {
        await Commit(tx => Enumerable.Range(0, 20).Select(i => tx.Spool.Add(Mail($"m{i}"))).ToArray());
        var suspects = Suspects;
        var now = Noon;
        for (var lost = 0; lost <= suspects.Most; lost++, now += Lease)
        {
            var claimed = await Commit(tx => tx.Spool.Claim(20, now, Lease));
            Assert.Equal(20, claimed.Count(mail => mail.Attempts == 1 && mail.Cuts == lost && mail.CutsLeft == suspects.Most - lost));
            now += Lease;
            Assert.Empty(await Commit(tx => tx.Spool.Claim(20, now, Lease)));
            var waiting = Store.Read(tx => tx.Spool.List(SpoolState.Waiting, 0, 20)).Select(entry => entry.DueAt!.Value).ToList();
            Assert.Equal(20, waiting.Distinct().Count());
            Assert.All(waiting, at => Assert.InRange(at - now, suspects.Wait(0, lost + 1) / 2, suspects.Wait(0, lost + 1) * 2));
        }
    }

    [Fact]
    public async Task A_handler_that_was_only_slow_still_settles_what_it_lost_and_its_mail_is_no_suspect()
    {
        var ids = await Commit(tx => new[] { tx.Spool.Add(Mail("settled")), tx.Spool.Add(Mail("released")) });
        await Commit(tx => tx.Spool.Claim(2, Noon, Lease));
        await Commit(tx => tx.Spool.Claim(2, Noon + Lease, Lease));
        await Commit(tx => tx.Spool.Settle(ids[0], "answered"));
        await Commit(tx => tx.Spool.Release(ids[1], Noon + Lease, "Exchange is away"));

        Assert.Equal((1, 0), Told(Assert.Single(await Commit(tx => tx.Spool.Claim(2, Noon + Lease, Lease)))));
    }

    [Fact]
    public async Task The_later_of_two_settlements_is_undone_with_all_that_it_led_to()
    {
        var id = await Commit(tx => tx.Spool.Add(Mail()));
        await Commit(tx => tx.Spool.Claim(1, Noon, Lease));
        await Commit(tx => tx.Spool.Claim(1, Noon + Lease, Lease));
        await Commit(tx => tx.Spool.Claim(1, Noon + Lease + Seconds, Lease));
        await Commit(tx => tx.Spool.Settle(id, "answered"));

        await Assert.ThrowsAsync<ClaimLostException>(() => Commit(tx =>
        {
            tx.Outbox.Add(OutMail());
            tx.Spool.Settle(id, "answered twice");
        }));

        Assert.Empty(Store.Read(tx => tx.Outbox.List(null, 0, 10)));
        Assert.Equal("answered", Store.Read(tx => tx.Spool.Find(id))!.Note);
    }

    [Fact]
    public async Task A_released_mail_comes_back_when_it_is_due()
    {
        var id = await Commit(tx => tx.Spool.Add(Mail()));
        await Commit(tx => tx.Spool.Claim(1, Noon, Lease));
        var later = Noon + TimeSpan.FromHours(1);
        Assert.True(await Commit(tx => tx.Spool.Release(id, later, "Exchange is away")));

        Assert.Empty(await Commit(tx => tx.Spool.Claim(1, later - TimeSpan.FromMilliseconds(1), Lease)));
        Assert.Single(await Commit(tx => tx.Spool.Claim(1, later, Lease)));
    }

    [Fact]
    public async Task A_mail_set_aside_waits_for_the_operator_and_begins_anew()
    {
        var id = await Commit(tx => tx.Spool.Add(Mail()));
        await Commit(tx => tx.Spool.Claim(1, Noon, Lease));
        Assert.True(await Commit(tx => tx.Spool.SetAside(id, "it fails every time")));

        Assert.Empty(await Commit(tx => tx.Spool.Claim(1, Noon + TimeSpan.FromDays(365), Lease)));
        var entry = Assert.Single(Store.Read(tx => tx.Spool.List(SpoolState.SetAside, 0, 10)));
        Assert.Equal("it fails every time", entry.Note);
        Assert.Equal(new QueueCounts(0, 0, 1, null), Store.Read(tx => tx.Spool.Counts()));

        Assert.True(await Commit(tx => tx.Spool.Retry(id)));
        Assert.Equal(1, Assert.Single(await Commit(tx => tx.Spool.Claim(1, Noon, Lease))).Attempts);
    }

    [Fact]
    public async Task A_claimed_mail_cannot_be_dropped_and_a_dropped_one_is_gone()
    {
        var id = await Commit(tx => tx.Spool.Add(Mail()));
        await Commit(tx => tx.Spool.Claim(1, Noon, Lease));
        Assert.False(await Commit(tx => tx.Spool.Drop(id)));

        await Commit(tx => tx.Spool.SetAside(id, "no"));
        Assert.True(await Commit(tx => tx.Spool.Drop(id)));
        Assert.Null(Store.Read(tx => tx.Spool.Find(id)));
        Assert.Null(Store.Read(tx => tx.Spool.Content(id)));
    }

    [Fact]
    public async Task Counts_tell_what_is_open_and_since_when()
    {
        await Commit(tx => tx.Spool.Add(Mail("old") with { ReceivedAt = Noon - TimeSpan.FromHours(2) }));
        await Commit(tx => tx.Spool.Claim(1, Noon, Lease));
        await Commit(tx => tx.Spool.Add(Mail("a")) + tx.Spool.Add(Mail("b")));

        Assert.Equal(new QueueCounts(2, 1, 0, Noon - TimeSpan.FromHours(2)), Store.Read(tx => tx.Spool.Counts()));
    }

    [Theory]
    [InlineData("waiting mails are still promised", null, 0)]
    [InlineData("done mails have served", "done", 1)]
    [InlineData("mails set aside are the operator's", "aside", 0)]
    public async Task Only_old_and_done_mails_are_purged(string why, string? fate, int purged)
    {
        var id = await Commit(tx => tx.Spool.Add(Mail()));
        await Commit(tx => tx.Spool.Add(Mail("young") with { ReceivedAt = Noon + TimeSpan.FromDays(1) }));
        await Commit(tx =>
        {
            if (fate == "done")
            {
                tx.Spool.Settle(id, "ok");
            }
            else if (fate == "aside")
            {
                tx.Spool.SetAside(id, "no");
            }
        });

        Assert.True(purged == await Commit(tx => tx.Spool.Purge(Noon + TimeSpan.FromHours(1), 100)), why);
        Assert.Equal(2 - purged, Store.Read(tx => tx.Spool.List(null, 0, 10)).Count);
    }

    [Fact]
    public async Task A_claim_that_a_crash_cut_has_used_no_attempt_and_a_few_cost_no_time()
    {
        var id = await Commit(tx => tx.Spool.Add(Mail()));
        for (var crash = 1; crash <= Harmless; crash++)
        {
            Assert.Equal((1, crash - 1), Told(Assert.Single(await Commit(tx => tx.Spool.Claim(1, Noon, Lease)))));
            Assert.Equal(1, await Commit(tx => tx.Spool.ReleaseAllClaims(Noon)));
        }

        Assert.Equal((1, Harmless), Told(Assert.Single(await Commit(tx => tx.Spool.Claim(1, Noon, Lease)))));
        await Commit(tx => tx.Spool.Release(id, Noon, "Exchange is away"));
        Assert.Equal((2, 0), Told(Assert.Single(await Commit(tx => tx.Spool.Claim(1, Noon, Lease)))));
    }

    [Fact]
    public async Task A_mail_that_is_put_back_has_used_no_attempt_and_was_not_cut()
    {
        var id = await Commit(tx => tx.Spool.Add(Mail()));
        Assert.False(await Commit(tx => tx.Spool.PutBack(id)));
        await Commit(tx => tx.Spool.Claim(1, Noon, Lease));
        Assert.True(await Commit(tx => tx.Spool.PutBack(id)));
        Assert.Equal(0, await Commit(tx => tx.Spool.ReleaseAllClaims(Noon)));
        Assert.True(Assert.Single(await Commit(tx => tx.Spool.Claim(1, Noon, Lease))) is { Attempts: 1, Cuts: 0 });
        await Commit(tx => tx.Spool.SetAside(id, "for a test"));
        Assert.False(await Commit(tx => tx.Spool.PutBack(id)));
    }

    [Fact]
    public async Task A_mail_that_crash_after_crash_found_in_hand_waits_longer_after_each_start_and_apart_from_others()
    {
        var ids = await Commit(tx => Enumerable.Range(0, 20).Select(i => tx.Spool.Add(Mail($"m{i}"))).ToArray());
        for (var crash = 1; crash <= Harmless; crash++)
        {
            await Commit(tx => tx.Spool.Claim(20, Noon, Lease));
            await Commit(tx => tx.Spool.ReleaseAllClaims(Noon));
        }

        var wait = TimeSpan.FromSeconds(1);
        for (var crash = Harmless + 1; crash <= Suspects.Most; crash++, wait *= 2)
        {
            var start = Noon + TimeSpan.FromHours(crash);
            Assert.Equal(20, (await Commit(tx => tx.Spool.Claim(20, start, Lease))).Count(mail => mail.Cuts == crash - 1));
            await Commit(tx => tx.Spool.ReleaseAllClaims(start));

            // A start that dies at once suspects nobody any further.
            Assert.Equal(0, await Commit(tx => tx.Spool.ReleaseAllClaims(start)));
            Assert.Empty(await Commit(tx => tx.Spool.Claim(20, start + wait - TimeSpan.FromMilliseconds(1), Lease)));
            Assert.Equal(20, ids.Select(id => Store.Read(tx => tx.Spool.Find(id))!.DueAt).Distinct().Count(at => at <= start + (2 * wait)));
        }
    }

    [Fact]
    public async Task Ids_are_never_used_again()
    {
        var first = await Commit(tx => tx.Spool.Add(Mail()));
        await Commit(tx => tx.Spool.Drop(first));

        Assert.True(await Commit(tx => tx.Spool.Add(Mail())) > first);
    }

    [Fact]
    public async Task The_sender_of_a_mail_is_told_once_that_it_was_set_aside()
    {
        var id = await Commit(tx => tx.Spool.Add(Mail()));
        Assert.True(await Commit(tx => tx.Spool.Apologise(id)));
        await Commit(tx => tx.Spool.SetAside(id, "for a test"));
        await Commit(tx => tx.Spool.Retry(id));
        Assert.False(await Commit(tx => tx.Spool.Apologise(id)));
    }

    [Fact]
    public async Task Those_that_wait_are_counted_up_to_what_is_asked()
    {
        var ids = await Commit(tx => Enumerable.Range(0, 3).Select(i => tx.Spool.Add(Mail($"m{i}"))).ToArray());
        await Commit(tx => tx.Spool.SetAside(ids[0], "for a test"));

        Assert.True(Store.Read(tx => tx.Spool.HasWaiting(2)));
        Assert.False(Store.Read(tx => tx.Spool.HasWaiting(3)));
    }

    private static (int Attempts, int Cuts) Told(SpooledMail mail) => (mail.Attempts, mail.Cuts);
}
