using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Cpu.Mmu;

namespace RiscvXv6.Emulator.Machine;

/// <summary>Memory and devices as a debugger reads them: nothing changes by it.</summary>
internal sealed unsafe class DebugMemory(SystemBus bus)
{
    private const ulong PageMask = GuestMemory.PageSizeBytes - 1;

    /// <summary>Where a virtual address of a hart lies at present, whatever its permissions; MPRV is not applied.</summary>
    public bool TryTranslate(Hart hart, ulong virtualAddress, out ulong physical)
    {
        physical = virtualAddress;
        if (hart.State->Privilege == PrivilegeMode.Machine)
        {
            return true;
        }

        if (!PageTableReader.TryTranslate(bus, hart.State->Satp, virtualAddress, out var page))
        {
            return false;
        }

        physical = page.PhysicalAddress + (virtualAddress - page.VirtualAddress);
        return true;
    }

    /// <summary>Reads up to the first byte that is not there.</summary>
    /// <returns>How many bytes were read.</returns>
    public int Read(Hart hart, ulong virtualAddress, Span<byte> bytes)
    {
        int done = 0;
        while (done < bytes.Length)
        {
            ulong address = virtualAddress + (ulong)done;
            int length = (int)Math.Min((ulong)(bytes.Length - done), PageMask + 1 - (address & PageMask));
            if (!TryTranslate(hart, address, out ulong physical))
            {
                break;
            }

            int read = ReadPhysical(physical, bytes.Slice(done, length));
            done += read;
            if (read < length)
            {
                break;
            }
        }

        return done;
    }

    /// <summary>Reads up to the first byte that is not there.</summary>
    /// <returns>How many bytes were read.</returns>
    public int ReadPhysical(ulong address, Span<byte> bytes)
    {
        int done = 0;
        while (done < bytes.Length)
        {
            ulong at = address + (ulong)done;
            if (bus.FindMemory(at) is { } memory)
            {
                ulong left = memory.Range.Base + memory.Range.SizeBytes - at;
                int length = (int)Math.Min((ulong)(bytes.Length - done), left);
                memory.TryRead(at, bytes.Slice(done, length));
                done += length;
            }
            else if (TryPeekByte(at, out byte value))
            {
                bytes[done++] = value;
            }
            else
            {
                break;
            }
        }

        return done;
    }

    /// <summary>A byte of a device, by the narrowest access that the device takes.</summary>
    private bool TryPeekByte(ulong address, out byte value)
    {
        for (int size = 1; size <= sizeof(ulong); size *= 2)
        {
            ulong aligned = address & ~((ulong)size - 1);
            if (bus.Peek(aligned, size, out ulong word) == BusStatus.Ok)
            {
                value = (byte)(word >> (int)(8 * (address - aligned)));
                return true;
            }
        }

        value = 0;
        return false;
    }
}
