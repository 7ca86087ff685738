using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Relay.Hosting;
using Relay.Settings;
using Relay.TestKit;
using Relay.TestKit.Mail;

namespace Relay.Tests.Settings;

public sealed class RelaySettingsTests
{
    [Fact]
    public void Without_any_setting_the_contracts_defaults_hold()
    {
        var settings = Read([]);
        Assert.Equal("localhost", settings.Smtp.HostName);
        var listener = Assert.Single(settings.Smtp.Server.Listeners);
        Assert.Equal("127.0.0.1:8023", $"{listener.Address}:{listener.Port}");
        Assert.Equal(10_485_760, settings.Smtp.Server.MaxMessageBytes);
        Assert.Equal(["ews@localhost", "calendar@localhost", "help@localhost", "wsdl@localhost"], settings.Services.Services.Select(s => s.Address.ToString()));
        Assert.Equal("127.0.0.1:8024", settings.Delivery.Smarthosts[0].ToString());
        Assert.Equal(TimeSpan.FromMinutes(1), settings.Delivery.FirstRetry);
        Assert.Equal("http://127.0.0.1:8025/", settings.Http.Url.ToString());
        Assert.Equal("http://127.0.0.1:8026/EWS/Exchange.asmx", settings.Simulator.Url.ToString());
        Assert.True(settings.Access.IsDefault);
        Assert.Equal(3000, settings.Smtp.MailsPerMinutePerClient);
        Assert.All(settings.Access.Subscribers, entry => Assert.Equal(0, entry.MailsPerMinute));
    }

    [Fact]
    public void A_certificate_is_read_with_those_that_lead_to_its_authority_and_its_place_is_kept()
    {
        using var temp = new TempFolder();
        var (certificate, intermediate, _) = TestCertificate.Issued("mx.example");
        using var key = certificate.GetECDsaPrivateKey()!;
        string path = temp.File("fullchain.pem");
        File.WriteAllText(path, $"{certificate.ExportCertificatePem()}\n{intermediate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");

        var smtp = Read(new() { ["Smtp:Certificate:Path"] = path, ["Smtp:Listeners:0:Tls"] = "StartTls" }).Smtp;

        Assert.Equal(certificate.Thumbprint, smtp.Server.Certificate?.Thumbprint);
        Assert.Equal([intermediate.Thumbprint], smtp.Server.Intermediates.Select(one => one.Thumbprint));
        Assert.Equal(path, smtp.CertificateFiles?.Path);
    }

    public static TheoryData<string, string, string> BadSettings => new()
    {
        { "Smtp:MaxMessageBytes", "big", "Relay:Smtp:MaxMessageBytes is \"big\"" },
        { "Smtp:MaxMessageBytes", "1", "from 65536 to" },
        { "Smtp:Listeners:0:Port", "70000", "Relay:Smtp:Listeners:0:Port" },
        { "Smtp:Listeners:0:Address", "nowhere", "Relay:Smtp:Listeners:0:Address" },
        { "Smtp:Listeners:0:Protocol", "Pop3", "give one of Smtp, Lmtp" },
        { "Smtp:Listeners:0:Tls", "StartTls", "Certificate" },
        { "Smtp:Certificate:Path", "there-is-none.pem", "Relay:Smtp:Certificate:Path" },
        { "Services:0:Address", "not an address", "Relay:Services:0:Address" },
        { "Services:0:Service", "Fax", "give one of Ews, Calendar" },
        { "Delivery:FirstRetry", "00:00:00.5", "Relay:Delivery:FirstRetry" },
        { "Delivery:Connections", "0", "Relay:Delivery:Connections" },
        { "Delivery:Smarthost:UserName", "u", "go together" },
        { "Delivery:Smarthost:AccessTokenFile", "/run/token", "UserName and AccessTokenFile go together" },
        { "Exchange:Url", "mail.example", "Relay:Exchange" },
        { "Exchange:Mode", "Carrier", "Relay:Exchange:Mode" },
        { "Exchange:Simulator:Url", "http://192.0.2.1:80/", "on this machine" },
        { "Exchange:Simulator:Activity", "often", "Relay:Exchange:Simulator:Activity" },
        { "Store:Provider", "Paper", "Relay:Store:Provider" },
        { "Http:Url", "ftp://127.0.0.1", "Relay:Http:Url" },
        { "Smtp:HostNam", "x", "Relay:Smtp:HostNam is not a setting" },
        { "Access:Subscribers:0:Proof", "Network", "Relay:Access:Subscribers:0:Networks is empty" },
        { "Access:Subscribers:0:Proof", "AuthenticationResults", "Relay:Access:Subscribers:0:AuthservId is not given" },
        { "Access:Subscribers:0:Proof", "Token", "Relay:Access:Subscribers:0:Secret is not given" },
        { "Access:Subscribers:0:Proof", "Signature", "Relay:Access:Subscribers:0:Certificates is empty" },
        { "Access:Subscribers:0:Secret", "short", "can be guessed" },
        { "Access:Subscribers:0:SecretFile", "there-is-none", "Relay:Access:Subscribers:0:SecretFile names there-is-none" },
        { "Access:Subscribers:0:Certificates", "AB:CD", "SHA-256 thumbprints" },
        { "Access:Subscribers:0:Authorities", "there-is-none.pem", "Relay:Access:Subscribers:0:Authorities names" },
        { "Access:Subscribers:0:ProofWindow", "8.00:00:00", "Relay:Access:Subscribers:0:ProofWindow" },
        { "Access:Subscribers:0:Proof", "SmtpAuth", "Relay:Access:Subscribers:0:Accounts is empty" },
        { "Access:Accounts:0:Name", "app", "Relay:Access:Accounts:0:Password is not given" },
        { "Access:Accounts:0:Password", "secret", "Relay:Access:Accounts:0:Name is not given" },
        { "Access:Accounts:0:PasswordFile", "there-is-none", "Relay:Access:Accounts:0:PasswordFile names there-is-none" },
        { "Pickup:0:Path", "relative", "Relay:Pickup:0:Path is \"relative\"" },
        { "Pickup:0:Format", "Mh", "give one of Maildir, Mbox" },
        { "Pickup:0:Poll", "00:00:00", "Relay:Pickup:0:Poll" },
        { "Pickup:0:Recipient", "nobody", "Relay:Pickup:0:Recipient" },
        { "Forward:Unknown", "Bounce", "give one of Reject, Smarthost" },
        { "Smtp:BareLineEnds", "Ignore", "give one of Refuse, Convert" },
        { "Smtp:Limits:MinimumDataRate", "-1", "from 0 to" },
        { "Smtp:Limits:MailsPerMinutePerClient", "-1", "from 0 to 1000000" },
        { "Access:Subscribers:0:MailsPerMinute", "many", "Relay:Access:Subscribers:0:MailsPerMinute" },
        { "Smtp:Trace:Networks", "everybody", "Relay:Smtp:Trace:Networks has \"everybody\"" },
        { "Smtp:Listeners:0:XclientNetworks", "10", "Relay:Smtp:Listeners:0:XclientNetworks has \"10\"" },
        { "Smtp:AllowAuthInTheClear", "perhaps", "give true or false" },
        { "Access:Subscribers:0:Networks", "10.0.0.0/99", "neither an address nor a network" },
        { "Access:Subscribers:0:Address", "a b", "neither an address nor" },
        { "Access:Subscribers:0:Delivery:DigestEvents", "5", "Delivery:DigestMinutes is not given" },
        { "Access:Subscribers:0:Delivery:DigestMinutes", "1441", "from 0 to 1440" },
        { "Access:Subscribers:0:Delivery:Content", "All", "give one of Ids, Properties, Items" },
        { "Access:Subscribers:0:Delivery:Content", "Items", "Relay:Access:Subscribers:0:Operations does not name GetItem" },
        { "Access:Subscribers:0:Delivery:LargestMail", "100", "16384 or more" },
        { "Exchange:PartsAbove", "-1", "Relay:Exchange:PartsAbove" },
        { "Exchange:LargestPassedAnswer", "1000", "from 65536 to" },
        { "Smtp:Listeners:0:Address", "0.0.0.0", "Relay:Access:Subscribers is not given" },
        { "Access", "foo", "Relay:Access is a section, so it takes no text" },
        { "Smtp", "foo", "Relay:Smtp is a section" },
        { "Delivery:Bounces", "foo", "Relay:Delivery:Bounces is a section" },
        { "Exchange:OAuth", "foo", "Relay:Exchange:OAuth is a section" },
        { "Smtp:Listeners", "foo", "Relay:Smtp:Listeners is a list of sections" },
        { "Smtp:Listeners:0", "foo", "Relay:Smtp:Listeners:0 is a section" },
        { "Services", "foo", "Relay:Services is a list of sections" },
        { "Pickup", "/var/mail/relay", "Relay:Pickup is a list of sections" },
        { "Delivery:Routes", "foo", "Relay:Delivery:Routes is a list of sections" },
        { "Access:Subscribers", "foo", "Relay:Access:Subscribers is a list of sections" },
        { "Access:Accounts", "foo", "Relay:Access:Accounts is a list of sections" },
        { "Smtp:HostName:Text", "foo", "Relay:Smtp:HostName:Text is not a setting" },
        { "Smtp:Domains", "gateway.example,a b", "Relay:Smtp:Domains has \"a b\"" },
        { "Smtp:Domains", "-x", "Relay:Smtp:Domains has \"-x\"" },
        { "Smtp:Domains:0", "postmaster@gateway.example", "Relay:Smtp:Domains has \"postmaster@gateway.example\"" },
        { "Services:0:Address", "postmaster", "Relay:Services:0:Address" },
        { "Access:Subscribers:0:Operations", "GetEvents,Subscrib", "Relay:Access:Subscribers:0:Operations has \"Subscrib\", which is no operation" },
        { "Access:Subscribers:0:DefaultMailbox", "not an address", "Relay:Access:Subscribers:0:DefaultMailbox is \"not an address\"" },
        { "Access:Subscribers:0:DefaultMailbox", "postmaster", "Relay:Access:Subscribers:0:DefaultMailbox is \"postmaster\"" },
        { "Access:Subscribers:0:Address", "postmaster", "Relay:Access:Subscribers:0:Address has \"postmaster\"" },
        { "Exchange:Simulator:Mailboxes", "not an address", "Relay:Exchange:Simulator:Mailboxes has \"not an address\"" },
        { "Exchange:Simulator:Mailboxes", "ann@corp.example,postmaster", "Relay:Exchange:Simulator:Mailboxes has \"postmaster\"" },
    };

    [Theory]
    [MemberData(nameof(BadSettings))]
    public void A_wrong_value_stops_the_start_with_a_sentence(string key, string value, string expected)
    {
        var fault = Assert.Throws<SettingsFaultException>(() => Read(new() { [key] = value }));
        Assert.Contains(fault.Faults, sentence => sentence.Contains(expected, StringComparison.Ordinal));
        Assert.All(fault.Faults, sentence => Assert.EndsWith(".", sentence, StringComparison.Ordinal));
    }

    [Fact]
    public void A_list_that_is_a_text_as_well_is_a_fault_since_one_would_be_ignored()
    {
        var fault = Assert.Throws<SettingsFaultException>(() => Read(new() { ["Smtp:Domains"] = "a.example", ["Smtp:Domains:0"] = "b.example" }));
        Assert.StartsWith("Relay:Smtp:Domains is given as a list too", Assert.Single(fault.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_asked_for_twice_is_told_once()
    {
        var fault = Assert.Throws<SettingsFaultException>(() => Read(new() { ["Services"] = "foo", ["Smtp:Certificate"] = "foo" }));
        Assert.Equal(2, fault.Faults.Count);
    }

    [Fact]
    public void Names_of_operations_are_taken_in_any_case_and_all_that_there_are()
    {
        string all = string.Join(',', Relay.Operations.OperationCatalog.AllNames).ToUpperInvariant();
        var settings = Read(new()
        {
            ["Access:Subscribers:0:Address"] = "*",
            ["Access:Subscribers:0:Networks"] = "127.0.0.0/8",
            ["Access:Subscribers:0:Mailboxes"] = "*",
            ["Access:Subscribers:0:Operations"] = all,
        });
        Assert.True(settings.Access.Subscribers[0].MayCall("GetItem"));
    }

    [Fact]
    public void Every_fault_is_named_at_once()
    {
        var fault = Assert.Throws<SettingsFaultException>(() => Read(new()
        {
            ["Smtp:MaxMessageBytes"] = "big",
            ["Delivery:Connections"] = "0",
            ["Exchange:Mode"] = "Carrier",
            ["Nonsense"] = "1",
        }));
        Assert.Equal(4, fault.Faults.Count);
    }

    [Fact]
    public void A_public_listener_starts_with_subscribers_named()
    {
        var settings = Read(new()
        {
            ["Smtp:Listeners:0:Address"] = "0.0.0.0",
            ["Access:Subscribers:0:Address"] = "*@branch.example",
            ["Access:Subscribers:0:Networks"] = "10.1.0.0/16",
            ["Access:Subscribers:0:Mailboxes"] = "*@corp.example",
        });
        Assert.True(settings.Smtp.IsPublic);
        Assert.False(settings.Access.IsDefault);
    }

    [Fact]
    public void A_list_that_is_given_replaces_the_default_list()
    {
        var settings = Read(new() { ["Services:0:Address"] = "events@corp.example", ["Services:0:Service"] = "Ews" });
        Assert.Equal(
            ["events@corp.example", "help@localhost", "wsdl@localhost", "help@corp.example", "wsdl@corp.example"],
            settings.Services.Services.Select(service => service.Address.ToString()));
    }

    private static RelaySettings Read(Dictionary<string, string?> values) => RelaySettings.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(pair => KeyValuePair.Create($"Relay:{pair.Key}", pair.Value)))
        .Build());
}
