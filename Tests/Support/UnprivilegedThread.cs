using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using NUnit.Framework;

namespace RiscvXv6.Tests.Support;

/// <summary>
/// Runs something as a user whom file permissions hold, also where the tests run as root. On Linux the kernel keeps user ids for
/// each thread, and only the C library changes them for all; this asks the kernel, for one thread that then ends.
/// </summary>
internal static partial class UnprivilegedThread
{
    private const long Nobody = 65534;
    private const long Unchanged = -1;

    public static void Run(Action action)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            action();
            return;
        }

        Assert.That(OperatingSystem.IsLinux(), "run the tests as a user who is not root");
        ExceptionDispatchInfo? thrown = null;
        var thread = new Thread(() =>
        {
            try
            {
                Assert.That(SystemCall(SetResUidNumber(), Unchanged, Nobody, Unchanged), Is.Zero, "setresuid");
                action();
            }
            catch (Exception e)
            {
                thrown = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        thrown?.Throw();
    }

    private static long SetResUidNumber() => RuntimeInformation.ProcessArchitecture switch
    {
        global::System.Runtime.InteropServices.Architecture.X64 => 117,
        _ => 147, // the number that newer architectures share
    };

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long SystemCall(long number, long real, long effective, long saved);
}
