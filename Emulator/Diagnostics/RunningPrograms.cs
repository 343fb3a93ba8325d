using System.Buffers.Binary;
using System.Text;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Guest.Elf;
using RiscvXv6.Guest.Symbols;
using RiscvXv6.Guest.Symbols.Types;

namespace RiscvXv6.Emulator.Diagnostics;

/// <summary>
/// Which program each hart runs, as the xv6 kernel has noted it: an array with an element for each hart, whose <c>proc</c> points
/// to a structure with a <c>name</c>. The kernel sees its memory at its physical addresses.
/// </summary>
/// <param name="kernel">The kernel.</param>
internal sealed class RunningPrograms(ProgramInfo kernel)
{
    private const int LongestNameBytes = 64;

    /// <summary>MIT's xv6 calls it cpus, ours harts.</summary>
    private static readonly string[] s_tables = ["cpus", "harts"];

    private readonly Lazy<Layout?> _layout = new(() => FindLayout(kernel));

    private sealed record Layout(ulong Table, ulong Count, ulong StrideBytes, ulong ProcessOffset, ulong NameOffset, int NameBytes);

    /// <summary>The name of the program on a hart; null if there is none, or none that can be told.</summary>
    public string? NameOn(int hart, SystemBus bus)
    {
        if (_layout.Value is not { } layout || (ulong)hart >= layout.Count)
        {
            return null;
        }

        Span<byte> pointer = stackalloc byte[sizeof(ulong)];
        if (!TryRead(bus, layout.Table + (ulong)hart * layout.StrideBytes + layout.ProcessOffset, pointer))
        {
            return null;
        }

        ulong process = BinaryPrimitives.ReadUInt64LittleEndian(pointer);
        Span<byte> name = stackalloc byte[LongestNameBytes];
        name = name[..layout.NameBytes];
        if (process == 0 || !TryRead(bus, process + layout.NameOffset, name))
        {
            return null;
        }

        int length = name.IndexOf((byte)0);
        return length == 0 ? null : Encoding.UTF8.GetString(name[..(length < 0 ? name.Length : length)]);
    }

    private static Layout? FindLayout(ProgramInfo kernel)
    {
        foreach (string table in s_tables)
        {
            if (kernel.Types.TryFindVariable(table, out var variable)
                && variable.Type is ArrayType { Element: StructureType hart } array
                && hart.TryFindMember("proc", out var process)
                && process.Type is PointerType { Target: StructureType structure }
                && structure.TryFindMember("name", out var name)
                && name.Type is ArrayType { Element.SizeBytes: 1, Count: not 0 } letters)
            {
                return new Layout(
                    Physical(kernel.File, variable.Address),
                    array.Count,
                    hart.SizeBytes,
                    process.OffsetBytes,
                    name.OffsetBytes,
                    (int)Math.Min(letters.Count, LongestNameBytes));
            }
        }

        return null;
    }

    private static ulong Physical(ElfFile file, ulong address)
    {
        foreach (var segment in file.Segments)
        {
            if (address - segment.VirtualAddress < segment.MemorySizeBytes)
            {
                return segment.PhysicalAddress + (address - segment.VirtualAddress);
            }
        }

        return address;
    }

    private static bool TryRead(SystemBus bus, ulong address, Span<byte> bytes) =>
        bus.FindMemory(address, (ulong)bytes.Length)?.TryRead(address, bytes) == true;
}
