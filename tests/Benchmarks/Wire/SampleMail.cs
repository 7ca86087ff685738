using System.Text;

namespace Relay.Benchmarks.Wire;

/// <summary>A SOAP mail of about 2 KiB of envelope in each of the usual layouts.</summary>
internal static class SampleMail
{
    public static byte[] Envelope { get; } = Encoding.UTF8.GetBytes(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\""
        + " xmlns:m=\"http://schemas.microsoft.com/exchange/services/2006/messages\" xmlns:t=\"http://schemas.microsoft.com/exchange/services/2006/types\">\r\n"
        + "<soap:Header><t:RequestServerVersion Version=\"Exchange2013\"/></soap:Header>\r\n<soap:Body><m:Subscribe><m:PullSubscriptionRequest><t:FolderIds>\r\n"
        + string.Concat(Enumerable.Range(0, 17).Select(i => $"<t:FolderId Id=\"AAMkAGE1OTNmMTdmLWY5YmItNDZmZS1{i:D4}\" ChangeKey=\"AQAAABYAAA{i:D4}\"/>\r\n"))
        + "</t:FolderIds><t:EventTypes><t:EventType>NewMailEvent</t:EventType></t:EventTypes><t:Timeout>10</t:Timeout></m:PullSubscriptionRequest></m:Subscribe></soap:Body></soap:Envelope>");

    public static byte[] Flat(string encoding) => Encoding.Latin1.GetBytes(Header + Part(encoding));

    public static byte[] Mixed() => Encoding.Latin1.GetBytes(
        Header + "Content-Type: multipart/mixed; boundary=\"=_d41d8cd98f00b204\"\r\n\r\n--=_d41d8cd98f00b204\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"
        + "please see the attached request\r\n--=_d41d8cd98f00b204\r\n" + Part("base64") + "\r\n--=_d41d8cd98f00b204--\r\n");

    /// <summary>The body as it stands in the mail.</summary>
    public static byte[] Encoded(string encoding) => Encoding.Latin1.GetBytes(Body(encoding));

    private const string Header =
        "Received: from client.branch.example ([192.0.2.7]) by gateway.example with ESMTP id 17; Sat, 21 Nov 2026 18:00:01 +0000\r\n"
        + "From: Orders Client <app@branch.example>\r\nTo: ews@gateway.example\r\nSubject: Subscribe\r\nDate: Sat, 21 Nov 2026 18:00:00 +0000\r\n"
        + "Message-ID: <7f0c1d2e3a4b@branch.example>\r\nSOAPAction: \"http://schemas.microsoft.com/exchange/services/2006/messages/Subscribe\"\r\nMIME-Version: 1.0\r\n";

    private static string Part(string encoding) =>
        $"Content-Type: text/xml; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n" + Body(encoding);

    private static string Body(string encoding) => encoding switch
    {
        "base64" => Convert.ToBase64String(Envelope, Base64FormattingOptions.InsertLineBreaks) + "\r\n",
        "quoted-printable" => QuotedPrintable(),
        _ => Encoding.UTF8.GetString(Envelope),
    };

    private static string QuotedPrintable()
    {
        var text = new StringBuilder();
        var column = 0;
        foreach (var octet in Envelope)
        {
            var piece = octet is (byte)'\r' or (byte)'\n' ? ((char)octet).ToString() : octet == (byte)'=' ? "=3D" : ((char)octet).ToString();
            if (column + piece.Length > 75 && octet is not ((byte)'\r' or (byte)'\n'))
            {
                text.Append("=\r\n");
                column = 0;
            }

            text.Append(piece);
            column = octet == (byte)'\n' ? 0 : column + piece.Length;
        }

        return text.ToString();
    }
}
