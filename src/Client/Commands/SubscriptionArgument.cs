using System.CommandLine;

namespace Relay.Client.Commands;

/// <summary>The SubscriptionId that most commands take.</summary>
internal static class SubscriptionArgument
{
    public static Argument<string> Create() => new("SUBSCRIPTION") { Description = "The SubscriptionId that subscribe printed" };
}
