using Microsoft.Extensions.DependencyInjection;

namespace Relay.Access;

internal static class AccessServices
{
    public static IServiceCollection AddAccess(
        this IServiceCollection services, AccessOptions access, ServiceOptions addresses, IReadOnlyList<string> domains, UnknownMail unknown) => services
        .AddSingleton(access)
        .AddSingleton(access.Confirmations)
        .AddSingleton<AccessPolicy>()
        .AddSingleton(new RecipientDirectory(addresses.Services, domains, unknown));
}
