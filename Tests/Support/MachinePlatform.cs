using System.Text;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Guest.Elf;

namespace RiscvXv6.Tests.Support;

/// <summary>This machine, in this process, at a pace that never waits for the wall.</summary>
internal sealed class MachinePlatform : IGuestPlatform
{
    public GuestRun Run(GuestRequest request)
    {
        var console = new ScriptedConsole(request.Script);
        using var machine = new VirtMachine(Assemble(request), console, new StoppedClock());
        console.Machine = machine;
        using var limit = new Timer(
            _ => machine.RequestStop(StopReason.Limit),
            null,
            TimeSpan.FromSeconds(request.LimitHostSeconds),
            Timeout.InfiniteTimeSpan);
        var exit = machine.Run(machine.Clock.CyclesPerSecond * (ulong)request.LimitGuestSeconds);
        return new GuestRun(console.Output, exit.Kind == MachineExitKind.StopRequested ? null : exit.Code);
    }

    private static MachineSetup Assemble(GuestRequest request)
    {
        if (!ElfFile.TryParse(File.ReadAllBytes(request.ElfPath), out var elf, out var error))
        {
            throw new InvalidDataException($"{request.ElfPath}: {error}");
        }

        // With -bios none the ROM goes to the bottom of memory, and no xv6 looks at the device tree.
        byte[] rom = new BootRom(MemoryMap.Ram.Base, DeviceTreeAddress: 0, NextAddress: 0).ToBytes();
        var loads = elf.Segments.Select(static segment =>
            new ImageLoad(segment.PhysicalAddress, segment.Data, segment.MemorySizeBytes));
        return new MachineSetup
        {
            HartCount = request.Harts,
            LegacyVirtio = request.LegacyVirtio,
            Disks = request.Disks.Index().ToDictionary(
                static disk => disk.Index,
                static disk => (IBlockBackend)new MemoryBackend(disk.Item)),
            RtcBaseNanoseconds = request.RtcBaseNanoseconds,
            Loads = [new ImageLoad(MemoryMap.BootRom.Base, rom, (ulong)rom.Length), .. loads],
            PmpCourtesy = !request.StrictPmp,
            ToHost = elf.ToHost,
            FromHost = elf.FromHost,
        };
    }

    /// <summary>The terminal: collects what is printed and types what the script says, on the machine's own thread.</summary>
    private sealed class ScriptedConsole(IReadOnlyList<Typing> typings) : IConsoleSink
    {
        private readonly ConsoleScript _script = new(typings);

        public VirtMachine? Machine { get; set; }

        public string Output => _script.Output;

        public void Write(byte value)
        {
            if (_script.Take((char)value) is { } text)
            {
                Machine!.PostConsoleInput(Encoding.UTF8.GetBytes(text));
            }

            if (_script.IsOver)
            {
                Machine!.RequestStop(StopReason.Quit);
            }
        }

        public void Flush()
        {
        }
    }

    /// <summary>At the virtual pace nobody looks at the wall.</summary>
    private sealed class StoppedClock : IWallClock
    {
        public long ElapsedNanoseconds => 0;
    }
}
