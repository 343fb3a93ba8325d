using NUnit.Framework;
using RiscvXv6.Guest.Xv6Fs;

namespace RiscvXv6.Tests.Xv6;

/// <summary>Holds a disk that a guest has written to the checker of file systems.</summary>
internal static class Xv6Disk
{
    public static void AssertSound(byte[] disk, string when = "after the run") =>
        Assert.That(Faults(disk), Is.Empty, $"the disk {when}");

    /// <summary>
    /// What is wrong with the disk, once its log has been recovered; orphans are not, since the kernel frees them at boot.
    /// </summary>
    public static IReadOnlyList<string> Faults(byte[] disk) =>
    [
        .. FsChecker.Check([.. disk]).Findings
            .Where(static finding => finding.Severity == FsSeverity.Error)
            .Select(static finding => finding.Message),
    ];
}
