using Relay.Access;
using Relay.Intake;
using Relay.TestKit;
using Relay.Wire.Smtp;

namespace Relay.Tests.Intake;

public sealed class SenderAllowanceTests
{
    private static readonly MailAddress Ann = Address("ann@branch.example");
    private static readonly ServiceAddress Help = new(Address("help@localhost"), ServiceKind.Help);
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void A_sender_has_so_many_an_hour_from_each_service()
    {
        var allowance = new SenderAllowance(_time);
        Assert.True(allowance.Grants(Help, Ann, mail: 1, most: 2));
        Assert.True(allowance.Grants(Help, Address("ANN@branch.example"), mail: 2, most: 2));
        Assert.False(allowance.Grants(Help, Ann, mail: 3, most: 2));
        Assert.True(allowance.Grants(Help, Address("bob@branch.example"), mail: 4, most: 2));
        Assert.True(allowance.Grants(new ServiceAddress(Address("ews@localhost"), ServiceKind.Ews), Ann, mail: 5, most: 2));
        _time.Advance(TimeSpan.FromMinutes(61));
        Assert.True(allowance.Grants(Help, Ann, mail: 6, most: 2));
    }

    [Fact]
    public void A_mail_whose_commit_failed_has_what_it_was_granted_when_it_is_tried_again()
    {
        var allowance = new SenderAllowance(_time);
        Assert.True(allowance.Grants(Help, Ann, mail: 1, most: 1));
        Assert.True(allowance.Grants(Help, Ann, mail: 1, most: 1));
        Assert.False(allowance.Grants(Help, Ann, mail: 2, most: 1));
    }

    [Fact]
    public void A_flood_of_senders_is_refused_rather_than_remembered_and_ends_with_the_hour()
    {
        var allowance = new SenderAllowance(_time);
        for (int i = 0; i < 10_000; i++)
        {
            Assert.True(allowance.Grants(Help, Address($"{i}@flood.example"), i, most: 1));
        }

        Assert.False(allowance.Grants(Help, Ann, mail: 10_001, most: 1));
        _time.Advance(TimeSpan.FromMinutes(61));
        Assert.True(allowance.Grants(Help, Ann, mail: 10_002, most: 1));
    }

    private static MailAddress Address(string text) => MailAddress.TryParse(text, out var address) ? address : throw new FormatException(text);
}
