using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;
using Relay.TestKit;

namespace Relay.EndToEnd.Harness;

/// <summary>Acts on mailboxes of the simulator over HTTP, as any program would on Exchange.</summary>
internal sealed class EwsClient(Uri url) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>Puts a mail into the inbox; its item id.</summary>
    internal async Task<string> CreateItemAsync(string mailbox, string subject)
    {
        XElement response = await PostAsync($"""
            <m:CreateItem MessageDisposition="SaveOnly">
              <m:SavedItemFolderId>{Soap.Inbox(mailbox)}</m:SavedItemFolderId>
              <m:Items><t:Message><t:Subject>{subject}</t:Subject><t:Body BodyType="Text">Made by a test.</t:Body></t:Message></m:Items>
            </m:CreateItem>
            """);
        return (string?)response.Descendants(Soap.Types + "ItemId").Single().Attribute("Id")
            ?? throw new InvalidOperationException($"CreateItem named no id: {response}");
    }

    internal async Task DeleteItemAsync(string itemId) => await PostAsync($"""
        <m:DeleteItem DeleteType="HardDelete"><m:ItemIds><t:ItemId Id="{itemId}"/></m:ItemIds></m:DeleteItem>
        """);

    /// <summary>Sends a request and gives the SOAP envelope of the response; anything but success throws.</summary>
    internal async Task<XElement> PostAsync(string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new StringContent(Soap.Envelope(body), Encoding.UTF8, "text/xml"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("test:secret"u8));
        using HttpResponseMessage response = await _http.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        if (response.StatusCode != HttpStatusCode.OK || !text.Contains("NoError", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{(int)response.StatusCode}: {text}");
        }

        return XElement.Parse(text);
    }

    /// <summary>Waits until the endpoint answers at all.</summary>
    /// <param name="whyNot">Tells why it never will; null while it may.</param>
    internal Task WaitUntilUpAsync(Func<string?> whyNot) => Eventually.TrueAsync(
        async () =>
        {
            if (whyNot() is { } reason)
            {
                throw new InvalidOperationException($"{url} will not answer: {reason}");
            }

            try
            {
                using HttpResponseMessage response = await _http.GetAsync(url);
                return true;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
                return false;
            }
        },
        $"{url} answers",
        TimeSpan.FromSeconds(30));

    public void Dispose() => _http.Dispose();
}
