using Microsoft.Win32.SafeHandles;
using RiscvXv6.Emulator.Cli.Terminal;

namespace RiscvXv6.Emulator.Cli;

/// <summary>
/// Looks at what a path leads to without waiting for it: to open a pipe that nobody has at its other end would block, and to
/// read a device such as /dev/zero would never end.
/// </summary>
internal static class HostFile
{
    /// <summary>
    /// The length in bytes of what can be read there as a file; 0 for a device. Null where the path can't be opened for
    /// reading at all, and on hosts without Unix's pipes: opening it then says why, and does not block.
    /// </summary>
    /// <exception cref="NotSupportedException">It is a pipe, a socket or a terminal.</exception>
    public static long? Length(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        int descriptor = UnixCalls.Open(path, UnixCalls.OpenNonBlocking);
        if (descriptor < 0)
        {
            return null;
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        return RandomAccess.GetLength(handle);
    }

    /// <summary>True for a pipe that nobody reads, which would block whoever opens it to write.</summary>
    public static bool IsPipeWithoutReader(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        int descriptor = UnixCalls.Open(path, UnixCalls.OpenNonBlocking | UnixCalls.OpenForWriting);
        if (descriptor < 0)
        {
            return System.Runtime.InteropServices.Marshal.GetLastPInvokeError() == UnixCalls.NoSuchDeviceOrAddress;
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        return false;
    }
}
