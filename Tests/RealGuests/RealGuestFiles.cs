using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.RealGuests;

/// <summary>The guests that are not ours, where Debian's packages and fetch-linux.sh put them.</summary>
internal static class RealGuestFiles
{
    private const string UBootFolder = "/usr/lib/u-boot/";

    /// <summary>OpenSBI that jumps to 0x80200000, in a file of its own; fw_dynamic is what <c>-bios default</c> finds.</summary>
    public static string OpenSbiJump => OpenSbi("fw_jump.elf");

    public static string OpenSbiDynamic => OpenSbi("fw_dynamic.bin");

    /// <summary>U-Boot that runs under OpenSBI.</summary>
    public static string UBootInSupervisorMode => UBoot("qemu-riscv64_smode/u-boot.bin");

    /// <summary>U-Boot that is itself the firmware.</summary>
    public static string UBootInMachineMode => UBoot("qemu-riscv64/u-boot.bin");

    /// <summary>Debian's kernel, modules for it, and busybox.</summary>
    public static string Linux(string name) => Requirement.File(
        [Path.Combine(Folder, "linux", name)], install: Path.Combine("Tests", "RealGuests", "fetch-linux.sh"));

    /// <summary>As in fetch-linux.sh.</summary>
    private static string Folder
    {
        get
        {
            if (Environment.GetEnvironmentVariable("RISCVXV6_GUESTS") is { Length: > 0 } chosen)
            {
                return chosen;
            }

            string cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named
                ? named
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.Combine(cache, "riscvxv6-guests");
        }
    }

    private static string OpenSbi(string name) =>
        Requirement.File($"/usr/lib/riscv64-linux-gnu/opensbi/generic/{name}", package: "opensbi");

    private static string UBoot(string name) => Requirement.File(UBootFolder + name, package: "u-boot-qemu");
}
