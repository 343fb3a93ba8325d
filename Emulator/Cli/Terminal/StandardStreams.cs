using System.Runtime.InteropServices;

namespace RiscvXv6.Emulator.Cli.Terminal;

/// <summary>How a write to the host ended.</summary>
internal enum WriteStatus
{
    Done,

    /// <summary>Nobody reads any more.</summary>
    Closed,

    /// <summary>The host failed: a full disk, for example.</summary>
    Failed,
}

/// <summary>Standard input and output as the host has them: unbuffered, and honest about their end.</summary>
internal static unsafe class StandardStreams
{
    /// <summary>Which of the three were open when the process began.</summary>
    private static readonly bool[] IsOpen =
        Array.ConvertAll((int[])[0, 1, 2], static file => OperatingSystem.IsWindows() || UnixCalls.IsFromOutside(file));

    /// <summary>Waits for input. 0 at its end; also if it can't be read at all.</summary>
    public static int Read(Span<byte> buffer)
    {
        if (OperatingSystem.IsWindows())
        {
            using var input = Console.OpenStandardInput();
            return input.Read(buffer);
        }

        if (!IsOpen[UnixCalls.StandardInput])
        {
            return 0;
        }

        // SAFETY: the span is pinned for the length of the call, which gets its length.
        fixed (byte* pointer = buffer)
        {
            while (true)
            {
                nint count = UnixCalls.Read(UnixCalls.StandardInput, pointer, (nuint)buffer.Length);
                if (count >= 0)
                {
                    return (int)count;
                }

                int error = Marshal.GetLastPInvokeError();
                if (error == UnixCalls.TryAgain)
                {
                    UnixCalls.AwaitReady(UnixCalls.StandardInput, 1);
                }
                else if (error != UnixCalls.InterruptedCall)
                {
                    return 0;
                }
            }
        }
    }

    /// <summary>Writes everything to standard output.</summary>
    public static WriteStatus Write(ReadOnlySpan<byte> bytes) => Write(UnixCalls.StandardOutput, bytes);

    /// <summary>Writes everything to standard error; nobody can be told if that fails.</summary>
    public static void Complain(string text) =>
        _ = Write(UnixCalls.StandardError, System.Text.Encoding.UTF8.GetBytes(text));

    private static WriteStatus Write(int file, ReadOnlySpan<byte> bytes)
    {
        if (OperatingSystem.IsWindows())
        {
            return WriteOnWindows(file, bytes);
        }

        if (!IsOpen[file])
        {
            return WriteStatus.Failed;
        }

        // SAFETY: the span is pinned; each call gets what is left of it.
        fixed (byte* pointer = bytes)
        {
            for (int done = 0; done < bytes.Length;)
            {
                nint count = UnixCalls.Write(file, pointer + done, (nuint)(bytes.Length - done));
                if (count >= 0)
                {
                    done += (int)count;
                    continue;
                }

                int error = Marshal.GetLastPInvokeError();
                if (error == UnixCalls.TryAgain)
                {
                    UnixCalls.AwaitReady(file, 4);
                }
                else if (error != UnixCalls.InterruptedCall)
                {
                    // EIO: the terminal hung up.
                    return error is UnixCalls.BrokenPipe or UnixCalls.InputOutputError
                        ? WriteStatus.Closed
                        : WriteStatus.Failed;
                }
            }
        }

        return WriteStatus.Done;
    }

    private static WriteStatus WriteOnWindows(int file, ReadOnlySpan<byte> bytes)
    {
        try
        {
            using var output = file == UnixCalls.StandardOutput ? Console.OpenStandardOutput() : Console.OpenStandardError();
            output.Write(bytes);
            return WriteStatus.Done;
        }
        catch (IOException)
        {
            return WriteStatus.Closed;
        }
    }
}
