using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Relay.Exchange;

/// <summary>Where Exchange's push notifications come in.</summary>
internal static class ExchangePush
{
    /// <summary>Maps the path of <see cref="ExchangeOptions.PushUrl"/>, where events are pushed; nothing else.</summary>
    internal static void MapExchangePush(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<ExchangeOptions>();
        if (options is { Mode: ExchangeMode.Push, PushUrl: { } url })
        {
            var listener = app.Services.GetRequiredService<PushListener>();
            app.MapPost(url.AbsolutePath, listener.HandleAsync).RequireHost("*"); // Exchange calls by the name in the URL
        }
    }
}
