using System.Text.RegularExpressions;
using Relay.EndToEnd.Harness;
using Relay.TestKit;

namespace Relay.EndToEnd;

/// <summary>The example that people copy works.</summary>
public sealed partial class ReadmeTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task The_python_client_of_the_readme_is_answered()
    {
        await Python.SkipUnlessAsync("smtplib");
        string readme = await File.ReadAllTextAsync(Repository.PathOf("README.md"), CancellationToken.None);
        string script = PythonBlock().Match(readme).Groups["script"].Value;
        Assert.Contains("8023", script, StringComparison.Ordinal);

        await Python.RunAsync(script.Replace("8023", $"{fixture.Gateway.SmtpPort}"));

        Assert.Contains("November 2026", (await fixture.Gateway.AnswerToAsync("2")).BodyText, StringComparison.Ordinal);
    }

    [GeneratedRegex("^```python\n(?<script>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex PythonBlock();
}
