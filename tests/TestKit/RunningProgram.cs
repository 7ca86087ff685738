using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Relay.TestKit;

/// <summary>
/// A real program in a process of its own, its output captured line by line. Disposing kills it if it still runs, so that no test
/// leaves a process behind.
/// </summary>
public sealed class RunningProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly List<ProgramLine> _lines = [];
    private readonly TaskCompletionSource _outputEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _openStreams = 2;

    private RunningProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Take(isError: false, line.Data);
        process.ErrorDataReceived += (_, line) => Take(isError: true, line.Data);
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>All lines so far, of both streams, in the order in which they were read.</summary>
    public IReadOnlyList<ProgramLine> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    public string Output => Join(line => !line.IsError);

    public string Errors => Join(line => line.IsError);

    /// <summary>Everything, for the message of a test that failed.</summary>
    public string Transcript => Join(_ => true);

    public static RunningProgram Start(string path, params string[] arguments) => Start(new ProgramStart(path) { Arguments = arguments });

    public static RunningProgram Start(ProgramStart start)
    {
        var info = new ProcessStartInfo(start.Path, start.Arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = start.Folder ?? "",
        };
        foreach ((string name, string? value) in start.Environment)
        {
            info.Environment[name] = value;
        }

        var program = new RunningProgram(new Process { StartInfo = info });
        program._process.Start();
        program._process.BeginOutputReadLine();
        program._process.BeginErrorReadLine();
        if (start.Input is { } input)
        {
            program._process.StandardInput.BaseStream.Write(input.Span);
        }

        if (!start.KeepInputOpen)
        {
            program._process.StandardInput.Close();
        }

        return program;
    }

    /// <summary>Runs to the end and gives the exit code.</summary>
    public async Task<int> ExitAsync(TimeSpan? within = null)
    {
        await Eventually.CompletesAsync(_process.WaitForExitAsync(), $"{_process.StartInfo.FileName} ends.\n{Transcript}", within);
        // A grandchild may hold the streams open; what the program itself wrote has arrived by then.
        await Task.WhenAny(_outputEnded.Task, Task.Delay(TimeSpan.FromSeconds(2)));
        return _process.ExitCode;
    }

    /// <summary>Waits for a line that contains the text. Ends at once, saying so, when the program ends without having written it.</summary>
    public async Task<string> LineAsync(string containing, TimeSpan? within = null)
    {
        string? found = null;
        await Eventually.TrueAsync(
            () =>
            {
                bool ended = _outputEnded.Task.IsCompleted;
                found = Lines.FirstOrDefault(line => line.Text.Contains(containing, StringComparison.Ordinal))?.Text;
                return found is not null || ended;
            },
            $"a line with \"{containing}\" from {_process.StartInfo.FileName}; it wrote:\n{Transcript}",
            within);
        return found ?? throw new InvalidOperationException($"Ended without a line with \"{containing}\":\n{Transcript}");
    }

    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    public void CloseInput() => _process.StandardInput.Close();

    public void Send(Signal signal)
    {
        if (!_process.HasExited && NativeKill(_process.Id, (int)signal) != 0)
        {
            throw new InvalidOperationException($"Signal {signal} did not reach process {_process.Id}.");
        }
    }

    /// <summary>As the operating system does when it has to: no handler runs, nothing is flushed. Returns when the process is gone.</summary>
    public async Task KillAsync()
    {
        Send(Signal.Kill);
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end and waits for it.</summary>
    public Task<int> TerminateAsync(TimeSpan? within = null)
    {
        Send(Signal.Terminate);
        return ExitAsync(within);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeKill(int processId, int signal);

    private void Take(bool isError, string? text)
    {
        if (text is null)
        {
            if (Interlocked.Decrement(ref _openStreams) == 0)
            {
                _outputEnded.TrySetResult();
            }

            return;
        }

        lock (_gate)
        {
            _lines.Add(new ProgramLine(isError, text));
        }
    }

    private string Join(Func<ProgramLine, bool> which) => string.Join('\n', Lines.Where(which).Select(line => line.Text));
}
