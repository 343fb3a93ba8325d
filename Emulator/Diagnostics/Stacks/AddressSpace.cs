using System.Buffers.Binary;
using System.Text;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Mmu;

namespace RiscvXv6.Emulator.Diagnostics.Stacks;

/// <summary>
/// Guest memory as one page table shows it, for looking only: nothing changes by it, permissions do not matter, and devices are
/// not asked.
/// </summary>
/// <param name="bus">The physical address space.</param>
/// <param name="satp">The page table; mode 0 for none.</param>
/// <param name="identityFirst">
/// An address that lies in memory is taken as physical: xv6's kernel maps all of memory at its own addresses, also before it
/// has a page table.
/// </param>
internal readonly struct AddressSpace(SystemBus bus, ulong satp, bool identityFirst = false)
{
    private const ulong PageBytes = 4096;

    public SystemBus Bus => bus;

    /// <summary>What the hart itself sees at present.</summary>
    public static unsafe AddressSpace Of(Hart hart) =>
        new(hart.Bus, hart.State->Privilege == PrivilegeMode.Machine ? 0 : hart.State->Satp);

    /// <summary>Where an address lies, or false if nothing is mapped there.</summary>
    public bool TryTranslate(ulong address, out ulong physical)
    {
        physical = address;
        if (identityFirst && bus.FindMemory(address) is not null)
        {
            return true;
        }

        if (!PageTableReader.TryTranslate(bus, satp, address, out var page))
        {
            return false;
        }

        physical = page.PhysicalAddress + (address - page.VirtualAddress);
        return true;
    }

    /// <summary>Reads all bytes or none.</summary>
    public bool TryRead(ulong address, Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int length = (int)Math.Min((ulong)bytes.Length, PageBytes - (address & (PageBytes - 1)));
            if (!TryTranslate(address, out ulong physical)
                || bus.FindMemory(physical, (ulong)length) is not { } memory
                || !memory.TryRead(physical, bytes[..length]))
            {
                return false;
            }

            bytes = bytes[length..];
            address += (ulong)length;
        }

        return true;
    }

    /// <summary>Reads an unsigned number of 1 to 8 bytes.</summary>
    public bool TryRead(ulong address, int sizeBytes, out ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        bool done = sizeBytes is > 0 and <= sizeof(ulong) && TryRead(address, bytes[..sizeBytes]);
        value = done ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;
        return done;
    }

    /// <summary>The 64-bit word at an address.</summary>
    public bool TryReadWord(ulong address, out ulong value) => TryRead(address, sizeof(ulong), out value);

    /// <summary>The instruction at an address, its upper half zero if it is a compressed one.</summary>
    public bool TryReadInstruction(ulong address, out uint encoding)
    {
        encoding = 0;
        if (!TryRead(address, 2, out ulong low))
        {
            return false;
        }

        encoding = (uint)low;
        if ((low & 3) == 3)
        {
            if (!TryRead(address + 2, 2, out ulong high))
            {
                return false;
            }

            encoding |= (uint)high << 16;
        }

        return true;
    }

    /// <summary>A C string, of printable characters only: what is not shows as a question mark. It ends at the limit.</summary>
    public bool TryReadText(ulong address, int limit, out string text)
    {
        var characters = new StringBuilder();
        for (int index = 0; index < limit; index++)
        {
            if (!TryRead(address + (ulong)index, 1, out ulong value))
            {
                text = "";
                return false;
            }

            if (value == 0)
            {
                break;
            }

            characters.Append(value is >= ' ' and <= '~' ? (char)value : '?');
        }

        text = characters.ToString();
        return true;
    }
}
