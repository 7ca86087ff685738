using System.Globalization;

namespace Relay.TestKit;

/// <summary>
/// A Postfix of our own in a temporary folder, which takes mail on loopback and hands it on by SMTP or LMTP. Postfix's master wants
/// to be root: <see cref="Absence"/> says why there is none.
/// </summary>
public sealed class PostfixInstance : IAsyncDisposable
{
    // Only the services that a mail from smtpd to smtp or lmtp passes.
    private const string Services = """
        127.0.0.1:PORT inet n - n - - smtpd
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        tlsmgr unix - - n 1000? 1 tlsmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        trace unix - - n - 0 bounce
        proxymap unix - - n - - proxymap
        smtp unix - - n - - smtp
        lmtp unix - - n - - lmtp
        discard unix - - n - - discard
        error unix - - n - - error
        retry unix - - n - - error
        anvil unix - - n - 1 anvil
        postlog unix-dgram n - n - 1 postlogd

        """;

    private readonly TempFolder _folder = new();

    private PostfixInstance(int port) => Port = port;

    /// <summary>Where it takes mail.</summary>
    public int Port { get; }

    /// <summary>Null where a Postfix can be run.</summary>
    public static string? Absence =>
        Peers.Find("postfix") is null ? Peers.Missing("postfix")
        : Environment.UserName != "root" ? "postfix can only be started by root"
        : null;

    /// <param name="transport">Where all mail goes, as in <c>smtp:[127.0.0.1]:2525</c> or <c>lmtp:inet:127.0.0.1:2424</c>.</param>
    /// <param name="port">Where it listens; null for any free one.</param>
    /// <param name="settings">Further lines of main.cf.</param>
    /// <param name="services">Further lines of master.cf.</param>
    public static async Task<PostfixInstance> StartAsync(string transport, int? port = null, string settings = "", string services = "")
    {
        var instance = new PostfixInstance(port ?? FreePort.Next());
        instance.Configure(transport, settings, services);
        await instance.PostfixAsync("start");
        await Eventually.TrueAsync(instance.ListensAsync, "postfix listens");
        return instance;
    }

    public async ValueTask DisposeAsync()
    {
        await PostfixAsync("stop");
        _folder.Dispose();
    }

    /// <summary>What it logged, for a test that fails.</summary>
    public string Log => File.Exists(_folder.File("mail.log")) ? File.ReadAllText(_folder.File("mail.log")) : "";

    private void Configure(string transport, string settings, string services)
    {
        foreach (var name in new[] { "etc", "spool", "data" })
        {
            Directory.CreateDirectory(_folder.File(name));
        }

        // Postfix's own user passes through here.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101);
        }

        File.WriteAllText(_folder.File("etc/master.cf"), Services.Replace("PORT", Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal) + services);
        File.WriteAllText(
            _folder.File("etc/main.cf"),
            $"""
            compatibility_level = 3.6
            queue_directory = {_folder.File("spool")}
            data_directory = {_folder.File("data")}
            command_directory = /usr/sbin
            daemon_directory = /usr/lib/postfix/sbin
            inet_interfaces = loopback-only
            inet_protocols = ipv4
            myhostname = front.example
            mydestination =
            mynetworks = 127.0.0.0/8
            default_transport = {transport}
            smtpd_recipient_restrictions = permit_mynetworks, reject
            smtp_tls_security_level = may
            maillog_file = {_folder.File("mail.log")}
            maillog_file_prefixes = {_folder.Path}
            alias_maps =
            alias_database =
            {settings}

            """);
    }

    private async Task<bool> ListensAsync()
    {
        using var socket = new System.Net.Sockets.TcpClient();
        try
        {
            await socket.ConnectAsync("127.0.0.1", Port);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            // Not yet.
            return false;
        }
    }

    private async Task PostfixAsync(string command)
    {
        var postfix = Peers.Find("postfix") ?? throw new InvalidOperationException(Peers.Missing("postfix"));
        await using (var owner = RunningProgram.Start(Peers.Find("chown") ?? "chown", "postfix", _folder.File("data")))
        {
            await owner.ExitAsync();
        }

        await using var run = RunningProgram.Start(postfix, "-c", _folder.File("etc"), command);
        await run.ExitAsync();
    }
}
