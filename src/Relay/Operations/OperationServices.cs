using Microsoft.Extensions.DependencyInjection;

namespace Relay.Operations;

internal static class OperationServices
{
    public static IServiceCollection AddOperations(this IServiceCollection services) => services
        .AddSingleton<IOperation, SubscribeOperation>()
        .AddSingleton<IOperation, GetEventsOperation>()
        .AddSingleton<IOperation, UnsubscribeOperation>()
        .AddSingleton<IOperation, SendNotificationResultOperation>()
        .AddSingleton<IOperation, GetMonthOperation>()
        .AddSingleton<OperationCatalog>();
}
