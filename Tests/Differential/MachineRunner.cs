using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Tests.Differential;

/// <summary>This machine, on the same image.</summary>
internal static class MachineRunner
{
    private const ulong LimitCycles = 200_000_000;

    /// <summary>RAM after the run, as long as the image.</summary>
    public static byte[] Run(ReadOnlyMemory<byte> image)
    {
        // What the reset vector of QEMU's virt does: a0 and a1 are set by it too, and the harness does not care.
        var jump = new Assembler(MemoryMap.BootRom.Base);
        jump.LoadImmediate(5, Layout.RamBase);
        jump.Emit("jalr", 0, 5);
        byte[] rom = jump.Finish();

        var setup = new MachineSetup
        {
            MemoryBytes = Layout.RamBytes,
            Loads =
            [
                new ImageLoad(MemoryMap.BootRom.Base, rom, (ulong)rom.Length),
                new ImageLoad(Layout.RamBase, image, (ulong)image.Length),
            ],
        };
        using var machine = new VirtMachine(setup, new Silence(), new StoppedClock());
        machine.Run(LimitCycles);
        byte[] after = new byte[image.Length];
        machine.Bus.FindMemory(Layout.RamBase)!.TryRead(Layout.RamBase, after);
        return after;
    }

    private sealed class Silence : IConsoleSink
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
