namespace RiscvXv6.Emulator.Machine;

/// <summary>A file that is loaded before the machine starts.</summary>
/// <param name="Name">As the user wrote it, for messages.</param>
/// <param name="Contents">The whole file, which must not change.</param>
internal sealed record BootFile(string Name, ReadOnlyMemory<byte> Contents);

/// <summary>What a machine is started with.</summary>
internal sealed record BootOptions
{
    /// <summary>RAM: a multiple of 4 KiB.</summary>
    public required ulong MemorySizeBytes { get; init; }

    /// <summary>1 to 8.</summary>
    public int HartCount { get; init; } = 1;

    /// <summary>The M-mode firmware, raw or ELF; null for <c>-bios none</c>.</summary>
    public BootFile? Firmware { get; init; }

    /// <summary>ELF, Linux Image (also gzip'ed) or raw binary.</summary>
    public BootFile? Kernel { get; init; }

    public BootFile? InitialRamDisk { get; init; }

    /// <summary>A device tree to use instead of the generated one; <c>/chosen</c> is completed in it.</summary>
    public BootFile? DeviceTree { get; init; }

    /// <summary>The kernel's command line (<c>-append</c>).</summary>
    public string CommandLine { get; init; } = "";

    /// <summary>Entropy for the kernel; empty for none.</summary>
    public ReadOnlyMemory<byte> RngSeed { get; init; }
}
