using System.Globalization;
using System.Xml.Linq;
using Relay.Smtp.Client;
using Relay.Wire.Ews;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;
using Relay.Wire.Soap;

namespace Relay.Demo;

/// <summary>A program that can do nothing but mail: sends a request, and takes whatever its mail server gets.</summary>
internal sealed class DemoSubscriber(DemoStage stage, DemoPrinter printer)
{
    private int _sent;

    public async Task SendAsync(MailAddress to, XElement body, CancellationToken cancellationToken)
    {
        byte[] mail = MailBinding.Compose(new SoapMail
        {
            From = DemoCast.App,
            To = to,
            Subject = body.Name.LocalName,
            MessageId = MessageId.Create(string.Create(CultureInfo.InvariantCulture, $"request-{++_sent}"), DemoCast.App.Domain),
            References = [],
            Date = TimeProvider.System.GetUtcNow(),
            AutoSubmitted = "no",
            ExtraFields = [],
            Layout = SoapLayout.Flat,
            MediaType = "text/xml",
            Envelope = SoapWriter.Write(SoapVersion.Soap11, [], body),
        });
        printer.Print(DemoMail.Read(mail));
        var options = new SmtpClientOptions { Host = "127.0.0.1", Port = stage.RelayPort, Tls = SmtpClientTls.None, HelloName = "branch.example" };
        var result = await SmtpConnection.ConnectAsync(options, TimeProvider.System, cancellationToken);
        if (result is not SmtpConnectResult.Connected { Connection: var connection })
        {
            throw new InvalidDataException($"The relay does not answer: {result}.");
        }

        await using (connection)
        {
            var outcomes = await connection.SendAsync(new MailEnvelope(DemoCast.App, [to]), mail, cancellationToken);
            if (outcomes[0] is not DeliveryOutcome.Delivered)
            {
                throw new InvalidDataException($"The relay did not take the mail: {outcomes[0]}.");
            }

            await connection.QuitAsync(cancellationToken);
        }
    }

    /// <summary>The next mail that arrives, printed as it comes.</summary>
    public async Task<DemoMail> ReceiveAsync(CancellationToken cancellationToken)
    {
        var mail = DemoMail.Read(await stage.Mailbox.Mails.ReadAsync(cancellationToken));
        printer.Print(mail);
        return mail;
    }

    public static XElement GetMonth(DateTimeOffset date) =>
        new(XNamespace.Get("urn:calendar") + "getMonth", new XElement("year", date.Year), new XElement("month", date.Month));

    public static XElement Subscribe() => EwsRequestWriter.Subscribe(new SubscribeRequest(
        SubscriptionKind.Push,
        AllFolders: false,
        [new FolderReference.Distinguished("inbox", DemoCast.Mailbox)],
        EwsEventTypes.NewMail,
        StatusFrequencyMinutes: 30,
        Url: $"mailto:{DemoCast.App}"));
}
