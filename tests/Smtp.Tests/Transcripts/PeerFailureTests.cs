using Relay.Smtp.Tests.Server;
using Relay.TestKit;

namespace Relay.Smtp.Tests.Transcripts;

/// <summary>What other servers were found to do wrong, each by its name, and the dialogue that shows it right here.</summary>
public sealed class PeerFailureTests
{
    public static TheoryData<string, string> Failures => new()
    {
        { "an empty mail hangs for ever (SmtpServer)", "content/empty-mail" },
        { "a dot at the beginning of the first line stays stuffed (SmtpServer)", "content/dot-first-line" },
        { "LF . LF ends a mail (Postfix 3.7, OpenSMTPD)", "smuggling/lf-dot-lf" },
        { "LF . CRLF ends a mail (Postfix 3.7, OpenSMTPD)", "smuggling/lf-dot-crlf" },
        { "CRLF . LF ends a mail (Postfix 3.7, OpenSMTPD)", "smuggling/crlf-dot-lf" },
        { "CRLF . CR CRLF ends a mail (Postfix 3.7)", "smuggling/crlf-dot-crcrlf" },
        { "a bare LF in a mail is stored as it is (SmtpServer, Postfix, OpenSMTPD)", "content/bare-lf" },
        { "a bare CR in a mail is stored as it is (all four)", "content/bare-cr" },
        { "a bare line end stays in what is sent in chunks (nobody was asked)", "extensions/chunking-bare-lf" },
        { "a NUL is lost or ends a mail (none of them, and not here)", "content/nul" },
        { "CRLF NUL . CRLF ends a mail (none of them, and not here)", "smuggling/crlf-nul-dot-crlf" },
        { "a command that ends in LF alone is executed (Postfix, OpenSMTPD, Haraka) or never answered (SmtpServer)", "commands/bare-lf" },
        { "a command line without end is kept without bound (SmtpServer)", "limits/command-line-endless" },
        { "a long body line is refused (OpenSMTPD)", "content/long-line" },
        { "a SIZE beyond 32 bits is none (SmtpServer)", "limits/size-declared" },
        { "a mail of any size is taken, whatever the limit (SmtpServer)", "limits/size-counted" },
        { "unknown parameters of MAIL are passed over (SmtpServer, Haraka)", "extensions/parameters-unknown" },
        { "junk behind an address is passed over (SmtpServer)", "addresses/junk-behind" },
        { "DSN parameters are dropped without a word (SmtpServer, Haraka)", "extensions/dsn" },
        { "wrong DSN parameters are taken (SmtpServer, Haraka)", "extensions/dsn-wrong" },
        { "an address beyond ASCII is taken without SMTPUTF8 (SmtpServer, Postfix, Haraka)", "addresses/utf8-without-parameter" },
        { "postmaster without a domain is unknown (SmtpServer, Haraka)", "addresses/postmaster" },
        { "a backslash in a local part drops the connection (SmtpServer)", "addresses/quoted" },
        { "an underscore in a domain is refused (SmtpServer, Haraka)", "addresses/underscore" },
        { "an underscore in the EHLO name cuts it (SmtpServer)", "commands/ehlo-odd-names" },
        { "EHLO within a mail is refused and the mail goes on (SmtpServer, OpenSMTPD)", "commands/ehlo-resets" },
        { "a second MAIL is taken (Haraka)", "commands/mail-twice" },
        { "VRFY is unknown (SmtpServer, OpenSMTPD)", "commands/vrfy" },
        { "HELP is unknown (SmtpServer, Postfix)", "commands/help" },
        { "NOOP with a word is unknown (SmtpServer, OpenSMTPD)", "commands/noop" },
        { "AUTH that is no base64 drops the connection (SmtpServer)", "auth/bad-base64" },
        { "a cancelled AUTH drops the connection (SmtpServer)", "auth/cancelled" },
        { "AUTH is taken and its account never told (SmtpServer)", "auth/plain" },
        { "what stands behind STARTTLS is dropped and not told (SmtpServer)", "extensions/starttls-injection" },
        { "a PROXY header is believed from anybody (SmtpServer)", "proxy/not-listed" },
        { "a second PROXY header crashes the session (SmtpServer)", "proxy/twice" },
        { "errors without end (OpenSMTPD, Haraka)", "limits/errors" },
        { "five errors end a session without a word (SmtpServer)", "limits/errors-forgiven" },
        { "recipients without end (SmtpServer, Haraka)", "limits/recipients" },
        { "a browser's POST runs on (SmtpServer, Haraka)", "commands/http" },
        { "a whole mail in one group is refused (OpenSMTPD, Haraka)", "commands/pipelined" },
        { "a mail that is cut is half stored (none of them, and not here)", "commands/client-leaves" },
        { "trouble of the store at the end of a mail is 554 (SmtpServer)", "errors/commit" },
        { "trouble of the store within a mail is 554 (SmtpServer)", "errors/write" },
        { "trouble at the beginning of a mail ends the session (SmtpServer)", "errors/begin" },
        { "BDAT is not there (SmtpServer, OpenSMTPD, Haraka, chasquid)", "extensions/chunking" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_failure_of_others_is_none_here(string failure, string transcript)
    {
        Assert.NotEmpty(failure);
        await new TranscriptTests().The_server_plays_its_part($"{transcript}.smtp", TranscriptPace.Whole);
    }

    public static TheoryData<string, Type, string> FailuresWithTestsOfTheirOwn => new()
    {
        { "TLS 1.2 only (SmtpServer)", typeof(TlsSessionTests), nameof(TlsSessionTests.TLS_1_3_is_spoken_with_those_who_speak_it) },
        { "a mail is held in memory as a whole (SmtpServer)", typeof(MemoryTests), nameof(MemoryTests.A_mail_of_100_MB_passes_through_without_being_held) },
        { "so is a command line (SmtpServer)", typeof(MemoryTests), nameof(MemoryTests.A_command_line_that_never_ends_is_not_held_either) },
        { "connections without end (SmtpServer)", typeof(TimeAndPlaceTests), nameof(TimeAndPlaceTests.Sessions_have_places) },
        { "those of one client too (SmtpServer)", typeof(TimeAndPlaceTests), nameof(TimeAndPlaceTests.Each_client_has_its_places_and_loopback_as_many_as_it_likes) },
        { "no time limit within DATA (SmtpServer)", typeof(TimeAndPlaceTests), nameof(TimeAndPlaceTests.Content_that_stops_coming_ends_the_session) },
        { "exceptions of the store that no log has (SmtpServer)", typeof(TraceTests), nameof(TraceTests.What_the_store_throws_stands_in_the_log) },
    };

    [Theory]
    [MemberData(nameof(FailuresWithTestsOfTheirOwn))]
    public void A_failure_of_others_has_its_test(string failure, Type tests, string test)
    {
        Assert.NotEmpty(failure);
        Assert.True(tests.GetMethod(test)?.IsDefined(typeof(FactAttribute), inherit: true), test);
    }

    [Fact]
    public async Task A_session_may_last_longer_than_any_of_its_time_limits()
    {
        // SmtpServer's two minutes hold for the whole connection, so that one that is kept open is cut.
        var time = new ManualTimeProvider();
        await using var server = await TestServer.StartAsync(time: time);
        using var client = await WireClient.ConnectAsync(server.EndPoint);
        await client.ReplyAsync();
        await client.TalkAsync("HELO c", "250");
        for (var i = 0; i < 30; i++)
        {
            time.Advance(TimeSpan.FromMinutes(4));
            await client.TalkAsync("MAIL FROM:<a@c>", "250", "RCPT TO:<one@mx.example>", "250", "DATA", "354", "x\r\n.", "250");
        }

        Assert.Equal(30, server.Mails.Mails.Count);
    }

    [Fact]
    public async Task Five_hundred_clients_at_once_are_all_greeted()
    {
        await using var server = await TestServer.StartAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => WireClient.ConnectAsync(server.EndPoint)));
        var greetings = await Task.WhenAll(clients.Select(client => client.ReplyAsync()));
        Assert.All(greetings, greeting => Assert.StartsWith("220", greeting));
        foreach (var client in clients)
        {
            client.Dispose();
        }
    }

    [Fact]
    public Task What_was_said_before_TLS_counts_under_it_and_no_new_EHLO_is_asked_for() =>
        // SmtpServer: MAIL is taken at once, and AUTH said in the clear stays valid.
        new TlsSessionTests().Under_TLS_the_session_begins_anew_and_nothing_learnt_before_counts();

    [Fact]
    public async Task Three_thousand_recipients_are_taken_where_an_operator_wants_them()
    {
        // More than 200 once crashed SmtpServer's sessions.
        await using var server = await TestServer.StartAsync(options => options.Limits.Recipients = 3000);
        using var client = await WireClient.ConnectAsync(server.EndPoint);
        await client.ReplyAsync();
        await client.TalkAsync("HELO c", "250", "MAIL FROM:<a@c>", "250");
        for (var i = 0; i < 3000; i++)
        {
            await client.TalkAsync($"RCPT TO:<r{i}@mx.example>", "250");
        }

        await client.TalkAsync("RCPT TO:<more@mx.example>", "452", "DATA", "354", "x\r\n.", "250");
        Assert.Equal(3000, Assert.Single(server.Mails.Mails).Transaction.Recipients.Count);
    }

    [Fact]
    public async Task A_shutdown_with_sessions_in_every_phase_comes_to_an_end()
    {
        // SmtpServer was seen to hang for ever.
        var server = await TestServer.StartAsync();
        var clients = new List<WireClient>();
        foreach (var dialogue in new string[][] { [], ["HELO c", "250"], ["HELO c", "250", "MAIL FROM:<a@c>", "250"], ["HELO c", "250", "MAIL FROM:<a@c>", "250", "RCPT TO:<one@mx.example>", "250", "DATA", "354"] })
        {
            var client = await WireClient.ConnectAsync(server.EndPoint);
            clients.Add(client);
            await client.ReplyAsync();
            await client.TalkAsync(dialogue);
        }

        using var grace = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await server.Server.StopAsync(grace.Token).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(0, server.Server.SessionCount);
        clients.ForEach(client => client.Dispose());
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_pipelined_group_is_answered_in_one_piece()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await WireClient.ConnectAsync(server.EndPoint);
        await client.ReplyAsync();
        await client.SendAsync("HELO c\r\nMAIL FROM:<a@c>\r\nRCPT TO:<one@mx.example>\r\nRCPT TO:<two@mx.example>\r\nNOOP\r\n");
        await client.ReplyAsync();
        // The other four came with the first: SmtpServer sends each alone.
        Assert.Equal(4, client.LinesAtHand);
    }
}
