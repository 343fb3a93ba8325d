namespace RiscvXv6.Emulator.Cli;

/// <summary>Where <c>-bios default</c> looks for OpenSBI.</summary>
internal static class Firmware
{
    /// <summary>
    /// The files of Debian's packages <c>opensbi</c> and <c>qemu-system-data</c>, and where other distributions and a QEMU
    /// built from source put the same. fw_dynamic learns from the machine where the kernel is.
    /// </summary>
    public static IReadOnlyList<string> DefaultPlaces { get; } =
    [
        "/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin",
        "/usr/share/qemu/opensbi-riscv64-generic-fw_dynamic.bin",
        "/usr/share/opensbi/lp64/generic/firmware/fw_dynamic.bin",
        "/usr/share/opensbi/generic/firmware/fw_dynamic.bin",
        "/usr/local/share/qemu/opensbi-riscv64-generic-fw_dynamic.bin",
        "/opt/homebrew/share/qemu/opensbi-riscv64-generic-fw_dynamic.bin",
    ];

    /// <summary>What to tell a user who has none of them.</summary>
    public static string NotFound =>
        "-bios default: no OpenSBI firmware found; install it (Debian: apt-get install opensbi), "
        + "or name a file with -bios FILE, or use -bios none";

    /// <summary>The first place that has a file, or null.</summary>
    public static string? FindDefault() => FirstOf(DefaultPlaces);

    internal static string? FirstOf(IEnumerable<string> places) => places.FirstOrDefault(File.Exists);
}
