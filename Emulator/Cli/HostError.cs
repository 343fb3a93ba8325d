using System.Runtime.InteropServices;

namespace RiscvXv6.Emulator.Cli;

/// <summary>Words for what the host's file system refuses; the runtime's own are left out of the build.</summary>
internal static class HostError
{
    /// <summary>Runtime's codes have the top bits set; Unix's own are small.</summary>
    private const int HighestUnixError = 200;

    public static string Reason(Exception e) => e switch
    {
        DirectoryNotFoundException => "there is no such folder",
        FileNotFoundException => "there is no such file",
        UnauthorizedAccessException => "no permission; check the mode and owner of the file and its folder",
        PathTooLongException => "the path is too long",
        OutOfMemoryException => "there is not enough memory",
        IOException when !OperatingSystem.IsWindows() && e.HResult is > 0 and < HighestUnixError =>
            Marshal.GetPInvokeErrorMessage(e.HResult),
        _ => e.Message,
    };
}
