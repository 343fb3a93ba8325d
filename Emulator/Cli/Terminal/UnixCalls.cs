using System.Runtime.InteropServices;

namespace RiscvXv6.Emulator.Cli.Terminal;

/// <summary>
/// The few calls of the host's C library that the terminal needs. .NET's own console would edit lines, hide a closed pipe,
/// and set the terminal up in its own way.
/// </summary>
internal static unsafe partial class UnixCalls
{
    public const int StandardInput = 0;
    public const int StandardOutput = 1;
    public const int StandardError = 2;

    public const int InterruptedCall = 4;
    public const int BrokenPipe = 32;
    public const int InputOutputError = 5;

    /// <summary>SIGSTOP, which stops this process whatever it handles.</summary>
    public static int StopSignal => OperatingSystem.IsMacOS() ? 17 : 19;

    /// <summary>EAGAIN: the descriptor does not block, and nothing can be moved now.</summary>
    public static int TryAgain => OperatingSystem.IsMacOS() ? 35 : 11;

    /// <summary>ENXIO, on Linux and macOS alike: a pipe has no reader.</summary>
    public const int NoSuchDeviceOrAddress = 6;

    /// <summary>O_WRONLY.</summary>
    public const int OpenForWriting = 1;

    /// <summary>O_NONBLOCK | O_CLOEXEC | O_NOCTTY: opens a pipe without waiting for its other end.</summary>
    public static int OpenNonBlocking => OperatingSystem.IsMacOS() ? 0x102_0004 : 0x8_0900;

    /// <summary>Waits until a descriptor that does not block can be read (1) or written (4).</summary>
    public static void AwaitReady(int file, short events)
    {
        var entry = new PollEntry { File = file, Events = events };
        // SAFETY: one entry, on this stack, for the length of the call.
        _ = Poll(&entry, 1, -1);
    }

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int file, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int file, byte* buffer, nuint length);

    /// <summary>Opens an existing file; never creates one.</summary>
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    /// <summary>
    /// True if the starter of this process left the standard stream open. A closed one's number may belong to a file that
    /// the runtime has opened since, for itself; all of those, and none from outside, are closed on exec.
    /// </summary>
    public static bool IsFromOutside(int file)
    {
        const int GetDescriptorFlags = 1;
        const int CloseOnExec = 1;
        int flags = FileControl(file, GetDescriptorFlags);
        return flags >= 0 && (flags & CloseOnExec) == 0;
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int FileControl(int file, int command);

    [LibraryImport("libc", EntryPoint = "isatty")]
    public static partial int IsTerminal(int file);

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    public static partial int GetAttributes(int file, byte* termios);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    public static partial int SetAttributes(int file, int when, byte* termios);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    public static partial void MakeRaw(byte* termios);

    /// <summary>The group of the terminal's job in the foreground; negative if it is no terminal of this session.</summary>
    [LibraryImport("libc", EntryPoint = "tcgetpgrp")]
    public static partial int ForegroundGroup(int file);

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    public static partial int ProcessGroup();

    /// <summary>Lines that were written can be drawn over.</summary>
    public static bool IsOutputTerminal => !OperatingSystem.IsWindows() && IsTerminal(StandardOutput) != 0 && IsTerminal(StandardInput) != 0;

    /// <summary>The width of standard output.</summary>
    public static int ScreenColumns()
    {
        const int Usual = 80;
        return Columns(StandardOutput) is > 0 and var columns ? columns : Usual;
    }

    /// <summary>How many columns the terminal has; 0 if that can't be told.</summary>
    public static int Columns(int file)
    {
        // The call has a variable number of arguments, which other hosts pass in another way than this declaration says.
        const nuint GetWindowSize = 0x5413;
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        var size = default(WindowSize);

        // SAFETY: a struct winsize, on this stack, for the length of the call.
        return Control(file, GetWindowSize, &size) == 0 ? size.Columns : 0;
    }

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(int file, nuint request, WindowSize* argument);

    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollEntry* entries, uint count, int timeoutMilliseconds);

    /// <summary><c>struct winsize</c>.</summary>
    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }

    /// <summary>POSIX <c>struct pollfd</c>.</summary>
    private struct PollEntry
    {
        public int File;
        public short Events;
        public short Happened;
    }
}
