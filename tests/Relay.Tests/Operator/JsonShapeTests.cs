using System.Text.Json;
using System.Text.RegularExpressions;
using Relay.Operator;
using Relay.Store;
using Relay.TestKit;

namespace Relay.Tests.Operator;

/// <summary>The shapes of JSON that docs/operations.md promises to programs are those of the types that are written.</summary>
public sealed class JsonShapeTests
{
    [Theory]
    [InlineData("MAIL", typeof(QueuedMail))]
    [InlineData("SUBSCRIPTION", typeof(SubscriptionReport))]
    [InlineData("COUNTS", typeof(QueueCounts))]
    public void Every_name_is_described_and_every_described_one_is_there(string name, Type type)
    {
        var described = Regex.Match(File.ReadAllText(Repository.PathOf("docs/operations.md")), $@"{name} is `\{{(?<names>[^}}]+)\}}`").Groups["names"].Value
            .Split(',').Select(part => part.Split(':')[0].Trim());

        Assert.Equal(type.GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)).Order(), described.Order());
    }
}
