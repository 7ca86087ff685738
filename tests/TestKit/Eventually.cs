using System.Diagnostics;

namespace Relay.TestKit;

/// <summary>
/// Waits for what another thread, process or machine is about to do: a condition with a bound in real time, never a fixed sleep.
/// Past the bound it throws <see cref="TimeoutException"/> that says what was waited for.
/// </summary>
public static class Eventually
{
    /// <summary>Generous: it is only ever used up by a test that fails, and test machines stall.</summary>
    public static readonly TimeSpan DefaultBound = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? within = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, within);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? within = null)
    {
        TimeSpan bound = within ?? DefaultBound;
        long started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > bound)
            {
                throw new TimeoutException($"Not within {bound.TotalSeconds:0.#} s: {what}.");
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>Asks until the answer is not null, and returns it.</summary>
    public static async Task<T> ValueAsync<T>(Func<T?> probe, string what, TimeSpan? within = null)
        where T : class
    {
        T? found = null;
        await TrueAsync(() => (found = probe()) is not null, what, within);
        return found!;
    }

    /// <summary>Bounds a task that has no bound of its own.</summary>
    public static async Task<T> CompletesAsync<T>(Task<T> task, string what, TimeSpan? within = null)
    {
        await CompletesAsync((Task)task, what, within);
        return await task;
    }

    /// <summary>Bounds a task that has no bound of its own.</summary>
    public static async Task CompletesAsync(Task task, string what, TimeSpan? within = null)
    {
        TimeSpan bound = within ?? DefaultBound;
        if (await Task.WhenAny(task, Task.Delay(bound)) != task)
        {
            throw new TimeoutException($"Not within {bound.TotalSeconds:0.#} s: {what}.");
        }

        await task;
    }
}
