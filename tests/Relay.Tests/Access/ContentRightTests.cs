using Microsoft.Extensions.Configuration;
using Relay.Hosting;

namespace Relay.Tests.Access;

public sealed class ContentRightTests
{
    [Theory]
    [InlineData("apps/ann@corp.example", true)]
    [InlineData("apps/eu/app@branch.example", false)]
    [InlineData("apps/app@branch.example", false)]
    [InlineData("none/ann@corp.example", false)]
    public void Content_is_given_by_the_entry_of_the_principal_and_by_no_other_whose_name_begins_alike(string principal, bool given)
    {
        var settings = RelaySettings.Read(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Relay:Access:Subscribers:0:Name"] = "apps",
            ["Relay:Access:Subscribers:0:Address"] = "*@corp.example",
            ["Relay:Access:Subscribers:0:Networks"] = "127.0.0.0/8",
            ["Relay:Access:Subscribers:0:Mailboxes"] = "*",
            ["Relay:Access:Subscribers:0:Operations"] = "*",
            ["Relay:Access:Subscribers:1:Name"] = "apps/eu",
            ["Relay:Access:Subscribers:1:Address"] = "*@branch.example",
            ["Relay:Access:Subscribers:1:Networks"] = "127.0.0.0/8",
            ["Relay:Access:Subscribers:1:Mailboxes"] = "*",
        }).Build());
        Assert.Equal(given, settings.Access.GivesContent(principal));
    }
}
