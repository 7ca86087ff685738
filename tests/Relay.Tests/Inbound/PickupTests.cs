using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Access;
using Relay.Inbound;
using Relay.Store;
using Relay.TestKit;
using Relay.Tests.Gateway;
using Relay.Tests.Store;

namespace Relay.Tests.Inbound;

/// <summary>Mails taken from files.</summary>
public sealed class PickupTests : IDisposable
{
    private const string Secret = "0123456789abcdef";
    private static readonly string Calendar = Mails.Envelope(Mails.GetMonth);

    private readonly TempFolder _folder = new();

    public PickupTests()
    {
        foreach (string folder in new[] { "new", "cur", "tmp" })
        {
            Directory.CreateDirectory(_folder.File(folder));
        }
    }

    [Theory]
    [InlineData("new mail", "new/1.a.host")]
    [InlineData("mail that a program has looked at", "cur/1.a.host:2,S")]
    public async Task A_mail_in_a_Maildir_is_answered_and_removed(string why, string file)
    {
        await using var gateway = await StartAsync("Maildir", _folder.Path);
        await File.WriteAllTextAsync(_folder.File("tmp/half"), "Subject: not yet\n\n");
        await DropAsync(file, Request("1@branch.example"));
        var answer = await gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<1@branch.example>", why);
        Assert.Equal("app@branch.example", answer.Recipient);
        await Eventually.TrueAsync(() => !File.Exists(_folder.File(file)), "the file is removed");
        Assert.True(File.Exists(_folder.File("tmp/half")));
        await Eventually.TrueAsync(() => gateway.Store.Read(t => t.Picked.List(_folder.Path)).Count == 0, "the note is forgotten");
    }

    [Fact]
    public async Task Mails_in_an_mbox_file_are_answered_and_the_file_is_truncated()
    {
        string path = _folder.File("mbox");
        await using var gateway = await StartAsync("Mbox", path);
        await File.WriteAllTextAsync(
            path,
            $"From app@branch.example Sat Nov 21 12:00:00 2026\n{Request("1@branch.example")}\nFrom MAILER-DAEMON Sat Nov 21 12:00:01 2026\n{Request("2@branch.example")}\n"
            + $"From app@branch.example Sat Nov 21 12:00:02 2026\n{Request("3@branch.example", ">From here on")}\n");
        await gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<1@branch.example>", "the first answer");
        await gateway.Smarthost.MailAsync(mail => mail.InReplyTo == "<3@branch.example>", "the third answer");
        await Eventually.TrueAsync(() => new FileInfo(path).Length == 0, "the file is truncated");
        await gateway.SettledAsync();
        // The second has no reverse-path: it is recorded, and nobody is answered.
        Assert.Equal(2, gateway.Smarthost.Mails.Count);
        Assert.Contains("From here on", Text(gateway, 3), StringComparison.Ordinal);
        Assert.DoesNotContain(">From here on", Text(gateway, 3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_network_proves_nothing_of_a_mail_that_was_picked_up()
    {
        await using var gateway = await TestGateway.StartAsync(Pickup("Maildir", _folder.Path));
        await DropAsync("new/1", Request("1@branch.example"));
        await Eventually.TrueAsync(() => gateway.Outcomes() is [var outcome] && outcome.StartsWith("denied", StringComparison.Ordinal), "it is denied");
        Assert.Empty(gateway.Smarthost.Mails);
    }

    public static TheoryData<string, string, string> Recipients => new()
    {
        { "what delivered it says so", "Delivered-To: ews@localhost\nTo: calendar@localhost\n", "ews@localhost" },
        { "an address that is not ours does not", "Delivered-To: joe@corp.example\nX-Original-To: calendar+x@localhost\nTo: ews@localhost\n", "calendar+x@localhost" },
        { "To and Cc", "To: Calendar <calendar@localhost>, joe@corp.example\nCc: ews@localhost\n", "calendar@localhost,ews@localhost" },
        { "nobody of ours: a person looks at it", "To: joe@corp.example\n", "postmaster@localhost" },
    };

    [Theory]
    [MemberData(nameof(Recipients))]
    public async Task The_header_says_whom_a_mail_is_for(string why, string fields, string expected)
    {
        await using var gateway = await TestGateway.StartAsync();
        await DropAsync("new/1", $"From: app@branch.example\n{fields}\nhello\n");
        await Worker(gateway).TakeAsync(Options(PickupFormat.Maildir, _folder.Path), CancellationToken.None);
        var entry = Assert.Single(gateway.Store.Read(t => t.Spool.List(null, 0, 10)));
        Assert.True(expected == string.Join(',', entry.Recipients), $"{why}: {string.Join(',', entry.Recipients)}");
    }

    [Theory]
    [InlineData("Maildir")]
    [InlineData("Mbox")]
    public async Task A_crash_between_spooling_and_removing_neither_loses_nor_repeats(string format)
    {
        await using var gateway = await TestGateway.StartAsync();
        bool isMbox = format == "Mbox";
        string path = isMbox ? _folder.File("mbox") : _folder.Path;
        string mail = "From app@branch.example Sat Nov 21 12:00:00 2026\nFrom: app@branch.example\nTo: ews@localhost\n\nhello\n\n";
        await DropAsync(isMbox ? "mbox" : "new/1", mail);
        var options = Options(isMbox ? PickupFormat.Mbox : PickupFormat.Maildir, path);
        var worker = Worker(gateway);
        using (IPickupSource source = isMbox ? new MboxSource(path, TimeProvider.System) : new MaildirSource(path, _ => false))
        {
            await worker.SpoolAsync(options, source.Mails, CancellationToken.None);
        }

        // Here it died. What comes meanwhile is another mail, though it is the same to the letter.
        await File.AppendAllTextAsync(_folder.File(isMbox ? "mbox" : "new/2"), mail);
        Assert.Equal(2, await worker.TakeAsync(options, CancellationToken.None));
        Assert.Equal(0, await worker.TakeAsync(options, CancellationToken.None));
        Assert.Equal(2, gateway.Store.Read(t => t.Spool.List(null, 0, 10)).Count);
        Assert.Empty(gateway.Store.Read(t => t.Picked.List(path)));
    }

    [Fact]
    public async Task Who_delivers_and_who_picks_up_wait_for_each_other()
    {
        Assert.SkipUnless(Peers.Find("python3") is not null, Peers.Missing("python3"));
        await using var gateway = await TestGateway.StartAsync();
        string path = _folder.File("mbox");
        await DropAsync("mbox", "From a@b.example Sat Nov 21 12:00:00 2026\nFrom: a@b.example\nTo: ews@localhost\n\nhello\n\n");
        var options = Options(PickupFormat.Mbox, path);
        foreach (string way in new[] { "fcntl", "dot lock" })
        {
            string script = way == "fcntl"
                ? "import fcntl,sys; f=open(sys.argv[1],'r+'); fcntl.lockf(f, fcntl.LOCK_EX|fcntl.LOCK_NB); print('locked',flush=True); sys.stdin.read()"
                : "import os,sys; os.close(os.open(sys.argv[1]+'.lock', os.O_CREAT|os.O_EXCL)); print('locked',flush=True); sys.stdin.read(); os.remove(sys.argv[1]+'.lock')";
            await using (var other = RunningProgram.Start(new ProgramStart(Peers.Find("python3")!) { Arguments = ["-c", script, path], KeepInputOpen = true }))
            {
                await other.LineAsync("locked");
                await Assert.ThrowsAnyAsync<IOException>(() => Worker(gateway).TakeAsync(options, CancellationToken.None));
                other.CloseInput();
                await other.ExitAsync();
            }
        }

        using (new MboxSource(path, TimeProvider.System))
        {
            await using var python = RunningProgram.Start(Peers.Find("python3")!, "-W", "ignore", "-c", "import mailbox,sys; mailbox.mbox(sys.argv[1]).lock()", path);
            Assert.NotEqual(0, await python.ExitAsync());
        }

        Assert.Equal(1, await Worker(gateway).TakeAsync(options, CancellationToken.None));
        Assert.False(File.Exists(path + ".lock"));
    }

    [Theory]
    [InlineData("whoever held it is gone", "gone", 0, true)]
    [InlineData("another process holds it, for however long", "other", 60, false)]
    [InlineData("nobody is named, and it is new", "", 0, false)]
    [InlineData("nobody is named, and it is old", "", 6, true)]
    [InlineData("another mailbox program's way to name nobody", "0", 6, true)]
    [InlineData("it names us, and is new", "us", 0, false)]
    [InlineData("a run before had our number, as in a container", "us", 6, true)]
    public async Task A_lock_that_a_crash_left_does_not_keep_the_file_for_ever(string why, string holder, int minutes, bool isLeft)
    {
        string path = _folder.File("mbox");
        await DropAsync("mbox", "From a@b.example Sat Nov 21 12:00:00 2026\nFrom: a@b.example\nTo: ews@localhost\n\nhello\n\n");
        await File.WriteAllTextAsync(path + ".lock", holder switch { "gone" => $"{int.MaxValue}\n", "other" => "1\n", "us" => $"{Environment.ProcessId}\n", _ => holder });
        File.SetLastWriteTimeUtc(path + ".lock", DateTime.UtcNow - TimeSpan.FromMinutes(minutes));
        if (isLeft)
        {
            using var source = new MboxSource(path, TimeProvider.System);
            Assert.Single(source.Mails);
        }
        else
        {
            Assert.ThrowsAny<IOException>(() => new MboxSource(path, TimeProvider.System));
        }

        Assert.True(isLeft != File.Exists(path + ".lock"), why);
    }

    [Fact]
    public async Task A_mail_of_a_Maildir_that_cannot_be_taken_does_not_keep_the_others_waiting()
    {
        await using var gateway = await TestGateway.StartAsync(("Smtp:MaxMessageBytes", "65536"));
        var (log, clock) = (new CollectedLog<PickupWorker>(), new ManualTimeProvider());
        var worker = Worker(gateway, log, clock);
        await DropAsync("new/1.huge", $"Subject: huge\n\n{new string('x', 70_000)}\n");
        File.CreateSymbolicLink(_folder.File("new/2.broken"), _folder.File("nowhere"));
        await DropAsync("new/3.good", "From: app@branch.example\nTo: ews@localhost\n\nhello\n");

        var options = Options(PickupFormat.Maildir, _folder.Path);
        Assert.Equal(1, await worker.TakeAsync(options, CancellationToken.None));
        Assert.Equal(0, await worker.TakeAsync(options, CancellationToken.None));

        Assert.Equal(["1.huge", "2.broken"], Directory.GetFiles(_folder.File("new")).Select(Path.GetFileName).Order());
        Assert.Single(gateway.Store.Read(t => t.Spool.List(null, 0, 10)));
        Assert.Equal(2, log.Lines.Count(line => line.Contains("left to the operator", StringComparison.Ordinal)));

        // Somebody mends one.
        await File.WriteAllTextAsync(_folder.File("new/1.huge"), "From: app@branch.example\nTo: ews@localhost\n\nsmall\n");
        clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(1, await worker.TakeAsync(options, CancellationToken.None));
        Assert.Equal(2, log.Lines.Count(line => line.Contains("left to the operator", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_mail_of_an_mbox_file_that_is_too_large_is_put_aside_as_it_came()
    {
        await using var gateway = await TestGateway.StartAsync(("Smtp:MaxMessageBytes", "65536"));
        string huge = $"From a@b.example Sat Nov 21 12:00:00 2026\nSubject: huge\n\n{new string('x', 300_000)}\n>From me\n\n";
        const string Good = "From a@b.example Sat Nov 21 12:00:00 2026\nFrom: a@b.example\nTo: ews@localhost\n\nhello\n\n";
        await DropAsync("mbox", Good + huge + Good);

        Assert.Equal(2, await Worker(gateway).TakeAsync(Options(PickupFormat.Mbox, _folder.File("mbox")), CancellationToken.None));

        Assert.Equal(huge, await File.ReadAllTextAsync(_folder.File("mbox.set-aside")));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(_folder.File("mbox.set-aside")) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.Equal(0, new FileInfo(_folder.File("mbox")).Length);
        Assert.Equal(2, gateway.Store.Read(t => t.Spool.List(null, 0, 10)).Count);
    }

    public static TheoryData<string, string> MboxFiles => new()
    {
        { "one mail", "From a\nx\n" },
        { "no line end at the end", "From a\nx" },
        { "an empty line decides", "From a\nFrom b\n\nFrom c\n" },
        { "line ends of another system", "From a\r\nx\r\n\r\nFrom b\r\ny\r\n" },
        { "many empty lines", "From a\n\n\n\nFrom b\n\n\n" },
        { "what only begins like a separator", "From a\n\nFro\n\nFrom\n\nFrom b\n\nFr" },
        { "long lines", $"From a\n{new string('x', 500)}\n\nFrom {new string('b', 500)}\n\nx" },
        { "nothing", "" },
    };

    [Theory]
    [MemberData(nameof(MboxFiles))]
    public void An_mbox_file_is_cut_alike_however_it_is_read(string why, string content)
    {
        byte[] octets = Encoding.ASCII.GetBytes(content);
        var whole = MboxScan.Read(new MemoryStream(octets));
        // A mail begins at a separator at the beginning or behind an empty line, and nowhere else.
        int[] starts = [.. Enumerable.Range(0, content.Length).Where(at => content.AsSpan(at).StartsWith("From ", StringComparison.Ordinal)
            && (at == 0 || content[..at].EndsWith("\n\n", StringComparison.Ordinal) || content[..at].EndsWith("\n\r\n", StringComparison.Ordinal)))];
        Assert.Equal(starts.Select(start => (long)start), whole.Select(mail => mail.Start));
        Assert.Equal(content.Length, whole.Sum(mail => mail.Length));
        foreach (int size in new[] { 5, 6, 7, 64 })
        {
            Assert.True(whole.SequenceEqual(MboxScan.Read(new MemoryStream(octets), size)), $"{why}, {size} octets at once");
        }
    }

    [Fact]
    public async Task A_large_mbox_file_is_taken_in_little_memory()
    {
        await using var gateway = await TestGateway.StartAsync();
        string mail = $"From a@b.example Sat Nov 21 12:00:00 2026\nFrom: a@b.example\nTo: ews@localhost\n\n{new string('x', 200_000)}\n\n";
        await using (var file = File.CreateText(_folder.File("mbox")))
        {
            for (int i = 0; i < 200; i++)
            {
                await file.WriteAsync(mail);
            }
        }

        long most = 0;
        var path = _folder.File("mbox");
        using (var source = new MboxSource(path, TimeProvider.System))
        {
            long before = GC.GetTotalMemory(forceFullCollection: true);
            Assert.Equal(200, source.Mails.Count);
            most = GC.GetTotalMemory(forceFullCollection: true) - before;
        }

        Assert.InRange(most, long.MinValue, 2_000_000);
        Assert.Equal(200, await Worker(gateway).TakeAsync(Options(PickupFormat.Mbox, path), CancellationToken.None));
        Assert.Equal(200, gateway.Store.Read(t => t.Spool.List(null, 0, 1000)).Count);
    }

    [Fact]
    public async Task A_file_that_is_no_mbox_is_left_alone()
    {
        await using var gateway = await TestGateway.StartAsync();
        await DropAsync("mbox", "Dear diary,\n");
        await Assert.ThrowsAsync<InvalidDataException>(() => Worker(gateway).TakeAsync(Options(PickupFormat.Mbox, _folder.File("mbox")), CancellationToken.None));
        Assert.Equal("Dear diary,\n", await File.ReadAllTextAsync(_folder.File("mbox")));
    }

    public void Dispose() => _folder.Dispose();

    private static PickupOptions Options(PickupFormat format, string path) => new(path, format, TimeSpan.FromSeconds(1), null);

    private static PickupWorker Worker(TestGateway gateway, ILogger<PickupWorker>? logger = null, TimeProvider? time = null) => new(
        [],
        gateway.Store,
        gateway.Service<RecipientDirectory>(),
        gateway.Service<IdSource>(),
        gateway.Service<SmtpOptions>(),
        time ?? TimeProvider.System,
        logger ?? NullLogger<PickupWorker>.Instance);

    private static (string, string)[] Pickup(string format, string path) => [("Pickup:0:Path", path), ("Pickup:0:Format", format), ("Pickup:0:Poll", "00:00:01")];

    private static Task<TestGateway> StartAsync(string format, string path) => TestGateway.StartAsync(
    [
        .. Pickup(format, path), ("Access:Subscribers:0:Address", "*@branch.example"), ("Access:Subscribers:0:Mailboxes", "*"),
        ("Access:Subscribers:0:Proof", "Token"), ("Access:Subscribers:0:Secret", Secret),
    ]);

    private static string Text(TestGateway gateway, long id) =>
        Encoding.Latin1.GetString(gateway.Store.MailFiles.Load(gateway.Store.Read(t => t.Spool.Content(id))!).Span);

    private static string Request(string id, string note = "")
    {
        string time = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] hash = TokenProof.Compute(Encoding.UTF8.GetBytes(Secret), time, "app@branch.example", $"<{id}>", Encoding.UTF8.GetBytes(Calendar));
        return Mails.Mail($"{note}\n{Calendar}", id, $"Relay-Token: t={time}; h={Convert.ToHexStringLower(hash)}\n", "text/plain")
            .Replace("To: ews@", "To: calendar@", StringComparison.Ordinal);
    }

    private async Task DropAsync(string file, string mail)
    {
        // As a delivery does: it appears whole.
        await File.WriteAllTextAsync(_folder.File("tmp/delivery"), mail);
        File.Move(_folder.File("tmp/delivery"), _folder.File(file));
    }
}
