using Relay.Store;

namespace Relay.Tests.Store;

public abstract class JournalContract(TestStore database) : StoreContract(database)
{
    private static readonly JournalKey Key = new("app@branch.example", "Ews", "<1@branch.example>", [1, 2, 3]);

    [Fact]
    public async Task The_same_request_finds_its_answer_after_a_restart()
    {
        await Commit(tx => tx.Journal.Add(Key, "app@branch.example", "<a@gateway.example>", new byte[] { 4, 5 }, Noon));
        await Database.ReopenAsync();

        var entry = Store.Read(tx => tx.Journal.Find(Key with { OctetsHash = [1, 2, 3] }))!;

        Assert.Equal(("app@branch.example", "<a@gateway.example>", Noon), (entry.AnswerTo, entry.MessageId, entry.AnsweredAt));
        Assert.Equal([4, 5], entry.Answer.ToArray());
    }

    public static TheoryData<string, string, string, string, byte[]> OtherRequests => new()
    {
        { "another principal", "b@branch.example", "Ews", "<1@branch.example>", [1, 2, 3] },
        { "another service", "app@branch.example", "Calendar", "<1@branch.example>", [1, 2, 3] },
        { "another id", "app@branch.example", "Ews", "<2@branch.example>", [1, 2, 3] },
        { "other octets", "app@branch.example", "Ews", "<1@branch.example>", [1, 2, 4] },
        { "parts that only run together alike", "app@branch.example", "Ew", "s<1@branch.example>", [1, 2, 3] },
    };

    [Theory]
    [MemberData(nameof(OtherRequests))]
    public async Task Another_request_finds_nothing(string why, string principal, string service, string id, byte[] hash)
    {
        await Commit(tx => tx.Journal.Add(Key, "app@branch.example", "<a@gateway.example>", new byte[] { 4, 5 }, Noon));

        Assert.True(Store.Read(tx => tx.Journal.Find(new JournalKey(principal, service, id, hash))) is null, why);
    }

    [Fact]
    public async Task A_request_cannot_have_two_answers()
    {
        await Commit(tx => tx.Journal.Add(Key, "a@b", "<a@g>", new byte[] { 4 }, Noon));

        await Assert.ThrowsAsync<AlreadyAnsweredException>(
            () => Commit(tx => tx.Journal.Add(Key, "a@b", "<b@g>", new byte[] { 5 }, Noon)));
        Assert.Equal("<a@g>", Store.Read(tx => tx.Journal.Find(Key))!.MessageId);
    }

    [Fact]
    public async Task Two_copies_of_a_request_at_once_are_executed_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Commit(tx =>
        {
            if (tx.Journal.Find(Key) is { } known)
            {
                return known.MessageId;
            }

            tx.Journal.Add(Key, "a@b", $"<{i}@g>", new byte[] { 4 }, Noon);
            tx.Outbox.Add(OutMail());
            return $"<{i}@g>";
        }))));

        Assert.Single(answers.Distinct());
        Assert.Single(Store.Read(tx => tx.Outbox.List(null, 0, 10)));
    }

    [Fact]
    public async Task Old_entries_are_purged()
    {
        await Commit(tx => tx.Journal.Add(Key, "a@b", "<a@g>", new byte[] { 4 }, Noon));
        await Commit(tx => tx.Journal.Add(Key with { RequestId = "<2@b>" }, "a@b", "<b@g>", new byte[] { 4 }, Noon + TimeSpan.FromDays(1)));

        Assert.Equal(1, await Commit(tx => tx.Journal.Purge(Noon + TimeSpan.FromHours(1), 10)));
        Assert.Null(Store.Read(tx => tx.Journal.Find(Key)));
        Assert.NotNull(Store.Read(tx => tx.Journal.Find(Key with { RequestId = "<2@b>" })));
    }
}
