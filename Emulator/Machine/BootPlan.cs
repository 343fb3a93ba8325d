using System.Diagnostics.CodeAnalysis;
using RiscvXv6.Guest.Elf;

namespace RiscvXv6.Emulator.Machine;

/// <summary>
/// What lies where when the machine starts, as QEMU 7.2's <c>virt</c> places it. Everything is
/// checked: the images lie in RAM and don't overlap.
/// </summary>
internal sealed class BootPlan
{
    internal BootPlan(BootRom rom, IReadOnlyList<BootImage> images, ElfFile? kernel, ElfFile? firmware, IReadOnlyList<string> notices)
    {
        Rom = rom;
        Images = images;
        Kernel = kernel;
        Firmware = firmware;
        Notices = notices;
    }

    /// <summary>The reset vector, with the addresses that it passes on.</summary>
    public BootRom Rom { get; }

    /// <summary>In ascending order of address.</summary>
    public IReadOnlyList<BootImage> Images { get; }

    /// <summary>The kernel, if it is an ELF: its symbols name <c>tohost</c> and the functions.</summary>
    public ElfFile? Kernel { get; }

    /// <summary>The firmware, if it is an ELF.</summary>
    public ElfFile? Firmware { get; }

    /// <summary>One line each, for the user to see: something that works, but perhaps not as meant.</summary>
    public IReadOnlyList<string> Notices { get; }

    public static bool TryCreate(
        BootOptions options, [NotNullWhen(true)] out BootPlan? plan, [NotNullWhen(false)] out BootError? error) =>
        new BootPlanner(options).TryPlan(out plan, out error);

    /// <summary>What is to be put into the boot ROM and RAM, at power-on and again when the guest resets the machine.</summary>
    public IReadOnlyList<ImageLoad> ToLoads()
    {
        byte[] rom = Rom.ToBytes();
        return
        [
            new ImageLoad(MemoryMap.BootRom.Base, rom, (ulong)rom.Length),
            .. Images.Select(static image => new ImageLoad(image.Range.Base, image.Data, image.Range.SizeBytes)),
        ];
    }
}
