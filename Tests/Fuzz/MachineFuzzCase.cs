using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>One machine and its hostile guest, all drawn from a seed.</summary>
internal sealed class MachineFuzzCase
{
    public const ulong MemoryBytes = 1UL << 20;

    private const int DiskBytes = 32 * IBlockBackend.SectorSizeBytes;

    private readonly byte[] _rom;
    private readonly byte[] _ram;
    private readonly byte[][] _disks;
    private readonly int[] _slots;

    public MachineFuzzCase(int seed)
    {
        Seed = seed;
        var random = new Random(seed);
        Harts = random.Next(3) == 0 ? random.Next(1, 9) : random.Next(1, 4);
        LegacyVirtio = random.Next(2) == 0;
        PmpCourtesy = random.Next(2) == 0;
        ScheduleSeed = random.Next(2) == 0 ? (ulong)random.NextInt64() : null;
        ResetEndsRun = random.Next(8) == 0;
        ToHost = random.Next(3) == 0 ? MemoryMap.Ram.Base + (ulong)random.NextInt64((long)MemoryBytes + 16) : null;
        _slots = [.. Enumerable.Range(0, MemoryMap.Virtio.Count).Where(_ => random.Next(3) == 0)];
        _disks = Array.ConvertAll(_slots, _ => Noise(random, DiskBytes));
        Inputs = [.. Enumerable.Range(0, 4).Select(_ => Noise(random, random.Next(300)))];
        _ram = new byte[MemoryBytes];
        _rom = new byte[MemoryMap.BootRom.SizeBytes];
        new MachineFuzzProgram(random, Harts, LegacyVirtio, _slots).Write(_rom, _ram);
    }

    public int Seed { get; }

    public int Harts { get; }

    public bool LegacyVirtio { get; }

    /// <summary>What is typed between two stretches of the run.</summary>
    public IReadOnlyList<byte[]> Inputs { get; }

    /// <summary>A device to put at <see cref="MachineFuzzProgram.VacantAddress"/>, where otherwise nothing answers.</summary>
    public IMmioDevice? ExtraDevice { get; init; }

    private bool PmpCourtesy { get; }

    private ulong? ScheduleSeed { get; }

    private bool ResetEndsRun { get; }

    private ulong? ToHost { get; }

    public ReadOnlySpan<byte> Rom => _rom;

    /// <summary>The same machine each time, with fresh disks.</summary>
    /// <param name="disks">The disks' contents, which the run changes.</param>
    public MachineSetup Assemble(out IReadOnlyList<byte[]> disks)
    {
        var copies = Array.ConvertAll(_disks, static disk => (byte[])disk.Clone());
        disks = copies;
        return new MachineSetup
        {
            HartCount = Harts,
            MemoryBytes = MemoryBytes,
            LegacyVirtio = LegacyVirtio,
            Disks = _slots.Index().ToDictionary(
                static slot => slot.Item,
                slot => (IBlockBackend)new MemoryBackend(copies[slot.Index], isReadOnly: slot.Index == 2)),
            RtcBaseNanoseconds = ulong.MaxValue - 1_000_000,
            Loads =
            [
                new ImageLoad(MemoryMap.BootRom.Base, _rom, (ulong)_rom.Length),
                new ImageLoad(MemoryMap.Ram.Base, _ram, (ulong)_ram.Length),
            ],
            PmpCourtesy = PmpCourtesy,
            ScheduleSeed = ScheduleSeed,
            ToHost = ToHost,
            FromHost = ToHost + 8,
            ResetEndsRun = ResetEndsRun,
        };
    }

    public override string ToString() =>
        $"seed {Seed}: {Harts} harts, {(LegacyVirtio ? "legacy" : "modern")} virtio, disks in [{string.Join(' ', _slots)}]";

    private static byte[] Noise(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
