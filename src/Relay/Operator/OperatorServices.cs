using Microsoft.Extensions.DependencyInjection;

namespace Relay.Operator;

internal static class OperatorServices
{
    public static IServiceCollection AddOperator(this IServiceCollection services) => services.AddHostedService<OperatorActionWorker>();
}
