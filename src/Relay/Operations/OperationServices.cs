using Microsoft.Extensions.DependencyInjection;
using Relay.Store;
using Relay.Subscriptions;

namespace Relay.Operations;

internal static class OperationServices
{
    public static IServiceCollection AddOperations(this IServiceCollection services) => services
        .AddSingleton<IOperation, SubscribeOperation>()
        .AddSingleton<IOperation, GetEventsOperation>()
        .AddSingleton<IOperation, GetStreamingEventsOperation>()
        .AddSingleton<IOperation, UnsubscribeOperation>()
        .AddSingleton<IOperation, SendNotificationResultOperation>()
        .AddSingleton<IOperation, PingOperation>()
        .AddSingleton<IOperation, ListSubscriptionsOperation>()
        .AddSingleton<IOperation>(p => State(p, "GetSubscription", null))
        .AddSingleton<IOperation>(p => State(p, "PauseSubscription", SubscriptionState.Paused))
        .AddSingleton<IOperation>(p => State(p, "ResumeSubscription", SubscriptionState.Active))
        .AddSingleton<PassedSlots>()
        .AddSingleton<IOperation>(p => Passed(p, "GetItem"))
        .AddSingleton<IOperation>(p => Passed(p, "GetFolder"))
        .AddSingleton<IOperation>(p => Passed(p, "FindItem"))
        .AddSingleton<IOperation>(p => Passed(p, "SyncFolderItems"))
        .AddSingleton<IOperation>(p => Passed(p, "GetAttachment"))
        .AddSingleton<ParkedRequests>()
        .AddSingleton<IOperation, ConfirmSubscriptionOperation>()
        .AddSingleton<IOperation, GetMonthOperation>()
        .AddSingleton<OperationCatalog>();

    private static PassedOperation Passed(IServiceProvider provider, string name) => ActivatorUtilities.CreateInstance<PassedOperation>(provider, name);

    private static SubscriptionStateOperation State(IServiceProvider provider, string name, SubscriptionState? newState) =>
        new(name, newState, provider.GetRequiredService<WatermarkCodec>());
}
