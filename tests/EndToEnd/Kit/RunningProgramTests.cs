using Relay.TestKit;

namespace Relay.EndToEnd.Kit;

public sealed class RunningProgramTests
{
    [Fact]
    public async Task Lines_exit_code_and_input_of_a_program_are_seen()
    {
        await using RunningProgram shell = RunningProgram.Start(new ProgramStart(Peers.Find("sh")!)
        {
            Arguments = ["-c", "read line; echo \"out $line $COLOUR\"; echo err >&2; exit 3"],
            Environment = new Dictionary<string, string?> { ["COLOUR"] = "red" },
            Input = "hello\n"u8.ToArray(),
        });

        Assert.Equal("out hello red", await shell.LineAsync("out"));
        Assert.Equal(3, await shell.ExitAsync());
        Assert.Equal(("out hello red", "err"), (shell.Output, shell.Errors));
    }

    [Fact]
    public async Task Waiting_for_a_line_ends_with_the_program()
    {
        await using RunningProgram shell = RunningProgram.Start(Peers.Find("sh")!, "-c", "echo only this");

        InvalidOperationException ended = await Assert.ThrowsAsync<InvalidOperationException>(() => shell.LineAsync("something else"));
        Assert.Contains("only this", ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminate_can_be_handled_and_kill_cannot()
    {
        string[] script = ["-c", "trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.05; done"];
        await using RunningProgram polite = RunningProgram.Start(Peers.Find("sh")!, script);
        await using RunningProgram killed = RunningProgram.Start(Peers.Find("sh")!, script);
        await polite.LineAsync("ready");
        await killed.LineAsync("ready");

        Assert.Equal(7, await polite.TerminateAsync());
        await killed.KillAsync();

        Assert.Contains("bye", polite.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("bye", killed.Output, StringComparison.Ordinal);
    }
}
