using Microsoft.Extensions.DependencyInjection;
using Relay.Wire.Mime;
using Relay.Wire.Soap;

namespace Relay.Intake;

internal static class IntakeServices
{
    /// <param name="services">Where to.</param>
    /// <param name="limits">What a mail may cost to read.</param>
    public static IServiceCollection AddIntake(this IServiceCollection services, MimeLimits limits) => services
        .AddSingleton(limits)
        .AddSingleton(SoapLimits.Default)
        .AddSingleton<IntakeMeters>()
        .AddSingleton<NeverAnswered>()
        .AddSingleton<HelpSamples>()
        .AddSingleton<HelpTexts>()
        .AddSingleton<ServiceDescription>()
        .AddSingleton<SenderAllowance>()
        .AddSingleton<InformationMails>()
        .AddSingleton<AnswerComposer>()
        .AddSingleton<Confirmations>()
        .AddSingleton<RequestIdentity>()
        .AddSingleton<ServiceRequests>()
        .AddSingleton<TokenMails>()
        .AddSingleton<ReceiptReports>()
        .AddSingleton<MailPlanner>()
        .AddSingleton<MailHandling>()
        .AddHostedService<IntakeWorker>();
}
