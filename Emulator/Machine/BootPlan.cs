using System.Diagnostics.CodeAnalysis;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Guest.Elf;

namespace RiscvXv6.Emulator.Machine;

/// <summary>
/// What lies where when the machine starts, as QEMU 7.2's <c>virt</c> places it (contract, "Firmware boot"). Everything is
/// checked: the images lie in RAM and don't overlap.
/// </summary>
internal sealed class BootPlan
{
    internal BootPlan(BootRom rom, IReadOnlyList<BootImage> images, ElfFile? kernel, IReadOnlyList<string> notices)
    {
        Rom = rom;
        Images = images;
        Kernel = kernel;
        Notices = notices;
    }

    /// <summary>The reset vector, with the addresses that it passes on.</summary>
    public BootRom Rom { get; }

    /// <summary>In ascending order of address.</summary>
    public IReadOnlyList<BootImage> Images { get; }

    /// <summary>The kernel, if it is an ELF: its symbols name <c>tohost</c> and the functions.</summary>
    public ElfFile? Kernel { get; }

    /// <summary>One line each, for the user to see: something that works, but perhaps not as meant.</summary>
    public IReadOnlyList<string> Notices { get; }

    public static bool TryCreate(
        BootOptions options, [NotNullWhen(true)] out BootPlan? plan, [NotNullWhen(false)] out BootError? error) =>
        new BootPlanner(options).TryPlan(out plan, out error);

    /// <summary>Puts everything into memory: at power-on, and again when the guest resets the machine.</summary>
    /// <param name="ram">RAM of the size that the plan was made for.</param>
    /// <param name="rom">The boot ROM.</param>
    public void LoadInto(GuestMemory ram, GuestMemory rom)
    {
        Load(rom, MemoryMap.BootRom.Base, Rom.ToBytes());
        foreach (var image in Images)
        {
            Load(ram, image.Range.Base, image.Data.Span);
            Clear(ram, image.Range.Base + (ulong)image.Data.Length, image.Range.SizeBytes - (ulong)image.Data.Length);
        }
    }

    private static void Load(GuestMemory memory, ulong address, ReadOnlySpan<byte> data)
    {
        if (!memory.TryLoad(address, data))
        {
            throw new InvalidOperationException($"the boot plan was made for other memory than {memory.Name} at {memory.Range}");
        }
    }

    /// <summary>Zeroes memory, but does not touch what is zero: the host need not commit pages that no one uses.</summary>
    private static void Clear(GuestMemory ram, ulong address, ulong sizeBytes)
    {
        Span<byte> page = stackalloc byte[GuestMemory.PageSizeBytes];
        while (sizeBytes != 0)
        {
            ulong toPageEnd = GuestMemory.PageSizeBytes - (address & (GuestMemory.PageSizeBytes - 1));
            var part = page[..(int)Math.Min(sizeBytes, toPageEnd)];
            if (ram.TryRead(address, part) && part.ContainsAnyExcept((byte)0))
            {
                part.Clear();
                ram.TryLoad(address, part);
            }

            address += (ulong)part.Length;
            sizeBytes -= (ulong)part.Length;
        }
    }
}
