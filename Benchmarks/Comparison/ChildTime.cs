using System.ComponentModel;
using System.Runtime.InteropServices;

namespace RiscvXv6.Benchmarks.Comparison;

/// <summary>
/// The processor time of all child processes that have ended, from getrusage: what <see cref="System.Diagnostics.Process"/>
/// forgets on Unix once a child is gone. With one child at a time the difference is that child's.
/// </summary>
internal static unsafe class ChildTime
{
    private const int RusageChildren = -1;

    /// <summary>False on Windows, where the process object remembers.</summary>
    public static bool IsAvailable { get; } = !OperatingSystem.IsWindows();

    /// <summary>User and system time so far; zero where it is not available.</summary>
    public static double TotalSeconds()
    {
        if (!IsAvailable)
        {
            return 0;
        }

        Usage usage;

        // SAFETY: the structure is larger than any Unix's struct rusage (two timevals and fourteen longs).
        if (GetUsage(RusageChildren, &usage) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        return usage.UserSeconds + usage.SystemSeconds + (usage.UserMicroseconds + (double)usage.SystemMicroseconds) * 1e-6;
    }

    [DllImport("libc", EntryPoint = "getrusage", SetLastError = true)]
    private static extern int GetUsage(int who, Usage* usage);

    /// <summary>
    /// The start of struct rusage. A timeval's second half is 32 bits wide and padded on macOS and 64 on Linux, where it is below
    /// a million: its low half is the same on both.
    /// </summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Usage
    {
        [FieldOffset(0)]
        public long UserSeconds;

        [FieldOffset(8)]
        public int UserMicroseconds;

        [FieldOffset(16)]
        public long SystemSeconds;

        [FieldOffset(24)]
        public int SystemMicroseconds;
    }
}
