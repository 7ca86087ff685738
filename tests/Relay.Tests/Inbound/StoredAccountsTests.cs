using System.Net;
using Relay.Inbound;
using Relay.Smtp.Server;
using Relay.Store;
using Relay.TestKit;
using Relay.Tests.Store;

namespace Relay.Tests.Inbound;

/// <summary>Whoever greets or proves itself while the database hangs holds no thread, but for a few, and is told in the end.</summary>
public sealed class StoredAccountsTests
{
    private static readonly SmtpClientInfo Client = new(IPAddress.Loopback, "client.example", true, null, SmtpProtocol.Smtp);

    [Fact]
    public async Task A_database_that_hangs_holds_one_thread_for_all_who_greet()
    {
        await using var database = new SqliteTestStore();
        var slow = new CountingStore(database.Current);
        var time = new ManualTimeProvider();
        using var stored = new StoredAccounts(slow, time);
        var accounts = Authenticator(stored, time);
        Assert.False(await accounts.HasAccountsAsync());
        slow.IsAnswering.Reset();
        try
        {
            var asked = Enumerable.Range(0, 100).Select(_ => accounts.HasAccountsAsync().AsTask()).ToList();
            await Eventually.TrueAsync(() => slow.Waiting > 0, "the database is asked");
            Assert.All(asked, answer => Assert.False(answer.IsCompleted));

            time.Advance(TimeSpan.FromSeconds(5));

            // "No AUTH" would make its mail bounce; AUTH it can try again.
            Assert.All(await Eventually.CompletesAsync(Task.WhenAll(asked), "all are told"), Assert.True);
            Assert.True(await Eventually.CompletesAsync(accounts.HasAccountsAsync().AsTask(), "who comes later is told at once"));
            Assert.Equal(1, slow.Waiting);
        }
        finally
        {
            slow.IsAnswering.Set();
        }

        await Eventually.TrueAsync(async () => !await accounts.HasAccountsAsync(), "the database is back");
    }

    [Fact]
    public async Task A_database_that_hangs_holds_few_threads_for_those_who_prove_themselves()
    {
        await using var database = new SqliteTestStore();
        var slow = new CountingStore(database.Current);
        var time = new ManualTimeProvider();
        using var stored = new StoredAccounts(slow, time);
        var accounts = Authenticator(stored, time);
        slow.IsAnswering.Reset();
        List<Task> asked;
        try
        {
            asked = [.. Enumerable.Range(0, 100).Select(_ => Task.Run(() => accounts.FindScramAsync(Client, "joe", CancellationToken.None).AsTask()))];
            await Eventually.TrueAsync(
                () =>
                {
                    time.Advance(TimeSpan.FromSeconds(1));
                    return asked.Count(answer => answer.IsCompleted) == 96;
                },
                "all but those who hold a thread are told");
            Assert.Equal(4, slow.Waiting);
        }
        finally
        {
            slow.IsAnswering.Set();
        }

        await Assert.ThrowsAsync<TimeoutException>(() => Eventually.CompletesAsync(Task.WhenAll(asked), "all are told"));
        Assert.Equal(4, asked.Count(answer => answer.IsCompletedSuccessfully));
        Assert.Null(await accounts.FindScramAsync(Client, "joe", CancellationToken.None));
    }

    private static AccountAuthenticator Authenticator(StoredAccounts stored, TimeProvider time) =>
        new([], stored, new GuessGuard(10, TimeSpan.FromMinutes(15), time));

    /// <summary>A real store that can be held, and tells how many threads it holds.</summary>
    private sealed class CountingStore(IStore inner) : IStore
    {
        private int _waiting;

        public ManualResetEventSlim IsAnswering { get; } = new(true);

        public int Waiting => Volatile.Read(ref _waiting);

        public Bells Bells => inner.Bells;

        public StoreTally Tally => inner.Tally;

        public MailFiles MailFiles => inner.MailFiles;

        public Task<T> CommitAsync<T>(Func<IStoreTransaction, T> work, CancellationToken cancellationToken) => inner.CommitAsync(work, cancellationToken);

        public Task<T> ClaimAsync<T>(Func<IStoreTransaction, T> work, CancellationToken cancellationToken) => inner.ClaimAsync(work, cancellationToken);

        public Task SpoolAsync(NewSpooledMail mail, CancellationToken cancellationToken) => inner.SpoolAsync(mail, cancellationToken);

        public T Read<T>(Func<IStoreTransaction, T> work)
        {
            Interlocked.Increment(ref _waiting);
            IsAnswering.Wait();
            Interlocked.Decrement(ref _waiting);
            return inner.Read(work);
        }

        public Task<int> RecoverAsync(CancellationToken cancellationToken) => inner.RecoverAsync(cancellationToken);

        public ValueTask DisposeAsync()
        {
            IsAnswering.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
