using System.Globalization;
using System.Xml.Linq;
using Relay.Client.Mail;
using Relay.Wire.Smtp;
using Relay.Wire.Soap;

namespace Relay.Client.Services;

/// <summary>The calendar service, the smallest there is: a whole SOAP conversation by mail in one method.</summary>
/// <param name="client">Carries the mails.</param>
/// <param name="service">For example <c>calendar@gateway.example</c>.</param>
internal sealed class CalendarMailService(RelayMailClient client, MailAddress service)
{
    private static readonly XNamespace Calendar = "urn:soap-relay:calendar";

    /// <summary>Asks for a month, laid out as text, a week a line.</summary>
    /// <param name="year">1 to 9999.</param>
    /// <param name="month">1 to 12.</param>
    /// <param name="cancellationToken">Stops the waiting, not the request.</param>
    public async Task<ServiceResult<string>> GetMonthAsync(int year, int month, CancellationToken cancellationToken)
    {
        var body = new XElement(Calendar + "getMonth", new XElement(Calendar + "year", year), new XElement(Calendar + "month", month));
        var subject = string.Create(CultureInfo.InvariantCulture, $"getMonth {year}-{month:00}");
        var request = new RelayRequest(service, subject, SoapWriter.Write(SoapVersion.Soap11, [], body));
        return await client.AskAsync(request, cancellationToken) switch
        {
            RelayAnswer.Answered { Envelope.Body: { Name.LocalName: "getMonthResponse" } response } =>
                new ServiceResult<string>.Success(response.Elements().FirstOrDefault()?.Value ?? ""),
            RelayAnswer.Answered answered =>
                new ServiceResult<string>.Failed(
                    new RelayAnswer.Unreadable($"The answer is a {answered.Envelope.Body?.Name.LocalName}, not a month.")),
            var failed => new ServiceResult<string>.Failed(failed),
        };
    }
}
