using System.Buffers.Binary;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Benchmarks.Micro;

/// <summary>A one-hart machine whose console output goes nowhere, with a guest in it.</summary>
internal static class ProgramMachine
{
    private const ulong MemoryBytes = 128UL << 20;

    /// <summary>Boots an ELF.</summary>
    public static VirtMachine FromElf(byte[] elf)
    {
        var options = new BootOptions { MemorySizeBytes = MemoryBytes, Kernel = new BootFile("guest", elf) };
        return BootPlan.TryCreate(options, out var plan, out var error)
            ? Build(plan.ToLoads())
            : throw new InvalidDataException(error.ToString());
    }

    /// <summary>Starts at the bottom of memory with the given instructions, in machine mode.</summary>
    public static VirtMachine FromCode(params ReadOnlySpan<uint> code)
    {
        byte[] bytes = new byte[code.Length * sizeof(uint)];
        for (int index = 0; index < code.Length; index++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(index * sizeof(uint)), code[index]);
        }

        // Raw instructions are no ELF, so the boot ROM is one jump: lui t0, 0x80000 sign-extends; auipc reaches RAM instead.
        byte[] rom = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(rom, 0x7fff_f297); // auipc t0, 0x7ffff: 0x1000 + 0x7ffff000
        BinaryPrimitives.WriteUInt32LittleEndian(rom.AsSpan(4), 0x0002_8067); // jr t0
        return Build(
        [
            new ImageLoad(MemoryMap.BootRom.Base, rom, (ulong)rom.Length),
            new ImageLoad(MemoryMap.RamRange(MemoryBytes).Base, bytes, (ulong)bytes.Length),
        ]);
    }

    private static VirtMachine Build(IReadOnlyList<ImageLoad> loads) => new(
        new MachineSetup { MemoryBytes = MemoryBytes, Loads = loads },
        new NoConsole(),
        new StoppedClock());

    private sealed class NoConsole : IConsoleSink
    {
        public void Write(byte value)
        {
        }

        public void Flush()
        {
        }
    }

    private sealed class StoppedClock : IWallClock
    {
        public long ElapsedNanoseconds => 0;
    }
}
