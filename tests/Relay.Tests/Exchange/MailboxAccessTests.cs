using System.Net;
using System.Text;
using System.Xml.Linq;
using Relay.Exchange;
using Relay.Wire.Ews;
using static Relay.Tests.Exchange.ExchangeStage;

namespace Relay.Tests.Exchange;

/// <summary>Who may see Ann's mailbox sees what is Ann's, and nothing of Bob's; and what only hinders Exchange for now makes nothing of Ann's foreign.</summary>
public sealed class MailboxAccessTests : IAsyncLifetime
{
    private static readonly XNamespace M = EwsNames.Messages;
    private static readonly XNamespace T = EwsNames.Types;

    private readonly RewritingHandler _wire = new();
    private ExchangeStage _stage = null!;

    public async ValueTask InitializeAsync() => _stage = await SetAsync();

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        _wire.Dispose();
    }

    [Theory]
    [InlineData("the server is too busy to take requests", null)]
    [InlineData("the server has no time for what was asked", "ErrorServerBusy")]
    [InlineData("the mailbox moves", "ErrorMailboxMoveInProgress")]
    public async Task Whatever_request_Exchange_is_hindered_at_nobody_is_refused_for_good(string why, string? code)
    {
        var own = _stage.Server.DeliverMail(Ann, "Own", Bob);
        var foreign = _stage.Server.DeliverMail(Bob, "Foreign", Ann);
        using var exchange = new RewrittenExchange(_stage.Options, _wire);
        var access = new MailboxAccess(exchange.Ews, _stage.Options);
        Assert.Equal(["NoError", "ErrorAccessDenied"], Codes(await access.AskAsync(Ann, GetItem(own, foreign), CancellationToken.None)));
        var requests = _wire.Requests;
        Assert.True(requests > 5, "each folder is asked for by itself when not all of them are Ann's");

        for (var nth = 0; nth < requests; nth++)
        {
            var hindered = _wire.Requests + nth;
            _wire.Instead = (operation, before) => before == hindered ? Hindered(operation, code) : null;
            var reply = await access.AskAsync(Ann, GetItem(own, foreign), CancellationToken.None);

            Assert.True(_wire.Requests > hindered);
            Assert.True(
                reply is PassedReply.Unavailable || Codes(reply)[0] == code || Codes(reply) is ["NoError", "ErrorAccessDenied"],
                $"{why}, at request {nth}: {reply}");
        }
    }

    [Theory]
    [InlineData("the account asks for itself, and the answer names the item", false, true, "NoError ErrorAccessDenied")]
    [InlineData("the account asks for itself, and nothing tells whose it is", false, false, "ErrorAccessDenied ErrorAccessDenied")]
    [InlineData("acting as Ann, who may have rights to Bob's items, and the answer names the item", true, true, "NoError ErrorAccessDenied")]
    [InlineData("acting as Ann, Exchange alone can tell what she may see", true, false, "NoError NoError")]
    public async Task An_attachment_is_judged_by_the_item_that_it_belongs_to(string why, bool impersonate, bool tellsItem, string codes)
    {
        _stage.Options.Impersonate = impersonate;
        var own = _stage.Server.AttachFile(_stage.Server.DeliverMail(Ann, "Own", Bob), "own.bin", [1, 2]);
        var foreign = _stage.Server.AttachFile(_stage.Server.DeliverMail(Bob, "Foreign", Ann), "foreign.bin", [3, 4]);
        _wire.Rewrite = answer => tellsItem
            ? answer.Replace($"{Attachment(own)}\"", $"{Attachment(own)}\" RootItemId=\"{own.Id}\" RootItemChangeKey=\"{own.ChangeKey}\"", StringComparison.Ordinal)
                .Replace($"{Attachment(foreign)}\"", $"{Attachment(foreign)}\" RootItemId=\"{foreign.Id}\"", StringComparison.Ordinal)
            : answer;
        using var exchange = new RewrittenExchange(_stage.Options, _wire);
        var access = new MailboxAccess(exchange.Ews, _stage.Options);

        var reply = await access.AskAsync(Ann, GetAttachment(own, foreign), CancellationToken.None);

        Assert.True(codes == string.Join(' ', Codes(reply)), $"{why}: {string.Join(' ', Codes(reply))}");
        var response = Assert.IsType<PassedReply.Answered>(reply).Response;
        Assert.Equal(codes.Split(' ').Count(code => code == "NoError"), response.Descendants(T + "Content").Count());
        Assert.All(response.Element(M + "ResponseMessages")!.Elements(), message => Assert.Equal(M + "GetAttachmentResponseMessage", message.Name));
    }

    private static string[] Codes(PassedReply reply) => reply is PassedReply.Answered { Response: var response }
        ? [.. response.Descendants(M + "ResponseCode").Select(code => code.Value)]
        : [];

    private static XElement GetItem(params EwsId[] items) => new(
        M + "GetItem",
        new XElement(M + "ItemShape", new XElement(T + "BaseShape", "Default")),
        new XElement(M + "ItemIds", items.Select(item => new XElement(T + "ItemId", new XAttribute("Id", item.Id)))));

    private static XElement GetAttachment(params EwsId[] items) => new(
        M + "GetAttachment",
        new XElement(M + "AttachmentIds", items.Select(item => new XElement(T + "AttachmentId", new XAttribute("Id", Attachment(item))))));

    /// <summary>The simulator's id of the first attachment of an item.</summary>
    private static string Attachment(EwsId item) => Convert.ToBase64String([.. Convert.FromBase64String(item.Id), 0]);

    private static HttpResponseMessage Hindered(string operation, string? code)
    {
        if (code is null)
        {
            return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        }

        var answer = new XElement(
            XName.Get("Envelope", "http://schemas.xmlsoap.org/soap/envelope/"),
            new XElement(
                XName.Get("Body", "http://schemas.xmlsoap.org/soap/envelope/"),
                new XElement(
                    M + (operation + "Response"),
                    new XElement(M + "ResponseMessages", Enumerable.Repeat(0, 2).Select(_ => new XElement(
                        M + (operation + "ResponseMessage"),
                        new XAttribute("ResponseClass", "Error"),
                        new XElement(M + "MessageText", "Not now."),
                        new XElement(M + "ResponseCode", code),
                        new XElement(M + "DescriptiveLinkKey", 0)))))));
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer.ToString(SaveOptions.DisableFormatting), Encoding.UTF8, "text/xml") };
    }
}
