using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Relay.Fuzz;

/// <summary>How long this thread has worked, which does not grow while the machine is busy with something else.</summary>
public static class CpuClock
{
    private const int ThreadCpuTime = 3;

    /// <summary>Time since some moment; only differences mean something. Without a clock of the thread's own, the time of day.</summary>
    public static TimeSpan Now =>
        OperatingSystem.IsLinux() && GetTime(ThreadCpuTime, out var time) == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0)
            : Stopwatch.GetElapsedTime(0);

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
