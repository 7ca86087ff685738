using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Relay.Client.Commands;

/// <summary>
/// Prints results, as text or as a line of JSON each, and failures as one sentence. Thread-safe: results come whole, never mixed.
/// </summary>
internal sealed class Reporter(ClientEnvironment environment, bool json)
{
    // Base64 is full of plus signs, which need no escape outside of HTML.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _gate = new();
    private readonly Lazy<IAnsiConsole> _terminal =
        new(() => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(environment.Out) }));
    private string? _prompt;

    /// <summary>Prints one result.</summary>
    /// <param name="text">For people, one line or more.</param>
    /// <param name="fields">The same for programs.</param>
    /// <param name="picture">The same for a terminal, where words do not do.</param>
    public void Result(string text, JsonObject fields, IRenderable? picture = null)
    {
        if (picture is not null && environment.IsTerminal && !json)
        {
            lock (_gate)
            {
                _terminal.Value.Write(picture);
            }
        }
        else
        {
            Write(environment.Out, json ? fields.ToJsonString(Readable) : text);
        }
    }

    /// <summary>A line that helps a person and that a program must not see.</summary>
    public void Hint(string text)
    {
        if (environment.IsTerminal && !json)
        {
            Write(environment.Out, text);
        }
    }

    /// <summary>One sentence.</summary>
    /// <returns>The exit code of a failure.</returns>
    public int Failure(string sentence)
    {
        Write(environment.Error, sentence);
        return ExitCodes.Failure;
    }

    /// <summary>Asks a question and waits for the line that answers it.</summary>
    /// <returns>Null at the end of the input.</returns>
    public async Task<string?> AskAsync(string prompt, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _prompt = json ? "" : prompt;
            environment.Out.Write(_prompt);
            environment.Out.Flush();
        }
        // A console's reader blocks its thread and knows no cancellation: it waits on a thread of its own.
        string? line = await Task.Run(environment.In.ReadLine, cancellationToken).WaitAsync(cancellationToken);
        lock (_gate)
        {
            _prompt = null;
        }
        return line?.Trim();
    }

    /// <summary>What comes while a question is open goes to a line of its own, and a person sees the question again.</summary>
    private void Write(TextWriter writer, string text)
    {
        lock (_gate)
        {
            bool interrupts = _prompt is { Length: > 0 };
            writer.WriteLine(interrupts ? $"{Environment.NewLine}{text}" : text);
            writer.Flush();
            if (interrupts && environment.IsTerminal)
            {
                environment.Out.Write(_prompt);
                environment.Out.Flush();
            }
        }
    }
}
