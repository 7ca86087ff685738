namespace Relay.Tests.Gateway;

/// <summary>What a mail may cost to read is for the operator to say.</summary>
public sealed class MailLimitTests
{
    private static readonly string Parts = string.Concat(Enumerable.Range(0, 4).Select(i => $"--b\n\npart {i}\n"))
        + $"--b\nContent-Type: text/xml\n\n{Mails.Envelope(Mails.GetMonth)}\n--b--";

    private static readonly string Nested = "--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: multipart/mixed; boundary=d\n\n"
        + $"--d\nContent-Type: text/xml\n\n{Mails.Envelope(Mails.GetMonth)}\n--d--\n--c--\n--b--";

    private static readonly string Fields = string.Concat(Enumerable.Range(0, 40).Select(i => $"X-Field-{i}: {new string('x', 40)}\n"));

    public static TheoryData<string, string, string, string, string> Limits => new()
    {
        { "Parts", "4", "multipart/mixed; boundary=b", "", "too many parts" },
        { "PartDepth", "2", "multipart/mixed; boundary=b", "nested", "too deep" },
        { "HeaderFields", "30", "multipart/mixed; boundary=b", "fields", "too many fields" },
        { "HeaderBytes", "1500", "multipart/mixed; boundary=b", "fields", "header" },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task A_mail_over_a_limit_is_told_so_and_by_default_is_answered(string limit, string value, string type, string kind, string says)
    {
        string mail = Mails.Mail(kind == "nested" ? Nested : Parts, "1@branch.example", kind == "fields" ? Fields : "", type);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.SendAsync(mail, "calendar@localhost");
        Assert.Contains("getMonthResponse", (await gateway.Smarthost.MailAsync(_ => true, "the answer")).AllText(), StringComparison.Ordinal);

        await gateway.RestartAsync(($"Smtp:Limits:{limit}", value));
        await gateway.SendAsync(mail, "calendar@localhost");
        await gateway.SettledAsync();
        var fault = gateway.Smarthost.Mails[^1];
        Assert.Contains("faultcode", fault.AllText(), StringComparison.Ordinal);
        Assert.Contains(says, fault.AllText(), StringComparison.OrdinalIgnoreCase);
    }
}
