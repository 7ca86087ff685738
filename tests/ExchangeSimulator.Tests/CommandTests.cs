namespace Relay.ExchangeSimulator.Tests;

public sealed class CommandTests
{
    [Theory]
    [InlineData("an option without its value", "--url")]
    [InlineData("an unknown option", "--frequency 3")]
    [InlineData("https is not served", "--url https://127.0.0.1/EWS/Exchange.asmx")]
    [InlineData("no number", "--activity often")]
    [InlineData("a minute is at most a minute", "--minute 61")]
    [InlineData("a folder without schema", "--schema /nowhere")]
    public void A_wrong_command_line_is_refused_in_one_sentence(string why, string arguments)
    {
        var command = Assert.IsType<SimulatorCommand.Wrong>(SimulatorCommand.Parse(arguments.Split(' ')));
        Assert.True(command.Sentence.EndsWith('.'), why);
    }

    [Fact]
    public void Options_are_taken_as_written()
    {
        var command = Assert.IsType<SimulatorCommand.Run>(SimulatorCommand.Parse(
            ["--url", "http://127.0.0.1:9/x", "--activity", "0.5", "--mailboxes", "a@x, b@y", "--minute", "1", "--profile", "2010"]));
        Assert.Equal("http://127.0.0.1:9/x", command.Options.Url.ToString());
        Assert.Equal(TimeSpan.FromMilliseconds(500), command.Options.Activity);
        Assert.Equal(["a@x", "b@y"], command.Options.Mailboxes!);
        Assert.Equal(EventProfile.Exchange2010, command.Options.Profile);
    }

    [Theory]
    [InlineData("--help", "Usage:")]
    [InlineData("--version", "0.")]
    public void Help_and_version_are_printed(string argument, string start) =>
        Assert.StartsWith(start, Assert.IsType<SimulatorCommand.Print>(SimulatorCommand.Parse([argument])).Text, StringComparison.Ordinal);
}
