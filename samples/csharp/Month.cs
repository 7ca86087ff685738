// Asks the calendar service for a month: dotnet run Month.cs 2026 11
#:property PublishAot=false
using System.Net.Mail;
using System.Net.Mime;

var envelope = $"""
    <?xml version="1.0" encoding="utf-8"?>
    <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
    <c:getMonth xmlns:c="urn:soap-relay:calendar"><c:year>{args[0]}</c:year><c:month>{args[1]}</c:month></c:getMonth>
    </soap:Body></soap:Envelope>
    """;
var id = $"<{Guid.NewGuid():N}@localhost>";
using var mail = new MailMessage("app@localhost", "calendar@localhost") { Subject = "getMonth", Headers = { ["Message-ID"] = id } };
mail.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(envelope, new ContentType("text/xml; charset=utf-8")));
using var relay = new SmtpClient("127.0.0.1", 8023);
relay.Send(mail);
Console.WriteLine($"Sent as {id}");
