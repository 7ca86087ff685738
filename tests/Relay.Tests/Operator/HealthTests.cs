using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.Operator;
using Relay.TestKit;
using Relay.Tests.Gateway;

namespace Relay.Tests.Operator;

public sealed class HealthTests
{
    [Fact]
    public async Task A_relay_whose_workers_work_is_ready()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var client = new HttpClient();
        var (status, body) = await GetAsync(client, gateway.HttpUrl + "health/ready");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\"status\":\"ready\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_has_failed_is_named()
    {
        await using var gateway = await TestGateway.StartAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(options => options.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore);
        builder.Services.AddHostedService<FailingWorker>();
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapHealth(gateway.Store);
        await app.StartAsync();
        using var client = new HttpClient();

        await Eventually.TrueAsync(
            async () => await GetAsync(client, app.Urls.First() + "/health/ready") is (HttpStatusCode.ServiceUnavailable, var body)
                && body.Contains("failed: FailingWorker", StringComparison.Ordinal),
            "health names the worker");
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(client, app.Urls.First() + "/health/live")).Status);
    }

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(HttpClient client, string url)
    {
        using var response = await client.GetAsync(new Uri(url));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private sealed class FailingWorker : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            throw new InvalidOperationException("It cannot go on.");
        }
    }
}
