using System.Xml.Linq;
using Relay.Wire.Ews;
using Relay.Wire.Soap;
using static Relay.ExchangeSimulator.Tests.Simulator;

namespace Relay.ExchangeSimulator.Tests;

/// <summary>curl as the client, and xmllint as a second opinion on what the schema says.</summary>
public sealed class ShellTests
{
    private const string Curl = "/usr/bin/curl";
    private const string Xmllint = "/usr/bin/xmllint";

    [Fact]
    public async Task Every_kind_of_answer_that_curl_gets_is_valid_to_xmllint()
    {
        ToolRun.SkipWithout(Curl, "curl");
        ToolRun.SkipWithout(Xmllint, "libxml2-utils");
        Assert.SkipWhen(SchemaFolder is null, "The published Exchange schema (shared/ews-schema beside the project) is not here.");
        await using var simulator = await StartAsync();
        var folder = Directory.CreateTempSubdirectory("simulator-");
        try
        {
            var subscribed = Success(EwsResponseReader.Subscribe(await CallAsync(simulator, folder, EwsRequestWriter.Subscribe(
                new SubscribeRequest(SubscriptionKind.Pull, true, [], EwsEventTypes.All, null, 5)))));
            var item = simulator.Server.DeliverMail(Ann, "hello", Bob);
            item = simulator.Server.MoveItem(simulator.Server.MarkRead(item, true), "archive");
            simulator.Server.DeleteItem(simulator.Server.CopyItem(item, "inbox"));
            foreach (var body in Requests(subscribed, item))
            {
                await CallAsync(simulator, folder, body);
            }

            string[] answers = [.. folder.GetFiles("body-*.xml").Select(file => file.FullName)];
            Assert.Equal(10, answers.Length);
            var (code, output) = await ToolRun.RunAsync(Xmllint, ["--nonet", "--noout", "--schema", WriteDriver(folder), .. answers]);
            Assert.True(code == 0, output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static XElement[] Requests(EwsSubscribed subscribed, EwsId item) =>
    [
        EwsRequestWriter.GetEvents(subscribed.SubscriptionId, subscribed.Watermark!),
        EwsRequestWriter.GetEvents("AAAA", "AAAA"),
        EwsRequestWriter.GetItem([item, new EwsId("AAAA")], "AllProperties"),
        EwsRequestWriter.GetFolder(Named("inbox", "calendar", "contacts", "tasks", "root", "publicfoldersroot"), "AllProperties"),
        EwsRequestWriter.SyncFolderItems(new FolderReference.Distinguished("archive"), null),
        EwsRequestWriter.SyncFolderHierarchy(null, null),
        EwsRequestWriter.FindFolder(new FolderReference.Distinguished("root")),
        EwsRequestWriter.CreateItem("SaveOnly", null, "draft", "body", [Bob]),
        EwsRequestWriter.Unsubscribe(subscribed.SubscriptionId),
    ];

    /// <summary>Sends a request with curl and keeps the answer's body as a document.</summary>
    private static async Task<XElement> CallAsync(Simulator simulator, DirectoryInfo folder, XElement body)
    {
        var number = folder.GetFiles("request-*.xml").Length;
        var request = Path.Combine(folder.FullName, $"request-{number}.xml");
        await File.WriteAllBytesAsync(request, EwsRequestWriter.Envelope(body, "Exchange2013_SP1"), TestContext.Current.CancellationToken);
        var (code, output) = await ToolRun.RunAsync(
            Curl, "-sS", "-u", $"{Ann}:secret", "-H", "Content-Type: text/xml; charset=utf-8", "--data-binary", "@" + request,
            simulator.Server.BoundUrl.ToString());
        Assert.True(code == 0, output);
        var envelope = SafeXml.Load(output);
        var answer = envelope.Element(EwsNames.Soap + "Body")!.Elements().Single();
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"body-{number}.xml"), answer.ToString(), TestContext.Current.CancellationToken);
        return envelope;
    }

    /// <summary>The published types import the xml namespace without saying where it is, so a schema in front says it.</summary>
    private static string WriteDriver(DirectoryInfo folder)
    {
        var driver = Path.Combine(folder.FullName, "driver.xsd");
        File.WriteAllText(Path.Combine(folder.FullName, "xml.xsd"), """
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/XML/1998/namespace">
              <xs:attribute name="lang" type="xs:language"/>
            </xs:schema>
            """);
        File.WriteAllText(driver, $"""
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
              <xs:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="xml.xsd"/>
              <xs:import namespace="{EwsNames.MessagesUri}" schemaLocation="{new Uri(Path.Combine(SchemaFolder!, "messages.xsd"))}"/>
            </xs:schema>
            """);
        return driver;
    }
}
