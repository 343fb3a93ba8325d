using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Tests.Fuzz;

namespace RiscvXv6.Tests.Devices.Pci;

public sealed class PciFuzzTests
{
    private const ulong Slot1 = 1 << 15;

    [Test]
    public void Configuration_space_keeps_its_promises()
    {
        var plan = new FuzzPlan<PciBusState>(PciEcam.SizeBytes, static rig =>
        {
            var (bus, function) = Build(rig);
            return Subject(new PciEcam(bus), bus, function);
        })
        {
            Offsets = [.. Enumerable.Range(0, 24).Select(i => Slot1 + 4 * (ulong)i), 0, 4, Slot1 + 0x1000, 1 << 20],
            Values = [7, 0x400, 0x4000_0000],
        };

        FuzzBudget.Spend(plan);
    }

    [Test]
    public void The_memory_window_keeps_its_promises()
    {
        var plan = new FuzzPlan<PciBusState>(0x4000_0000, static rig =>
        {
            var (bus, function) = Build(rig);
            return Subject(new PciWindow("pcie-mmio", bus, PciSpace.Memory, 0x4000_0000), bus, function) with
            {
                Inputs =
                [
                    n => function.Config.SetInterrupt((n & 1) != 0),
                    n => function.Config.Write(PciConfigOffset.Command, 2, (uint)n),
                    n => function.Config.Write(PciConfigOffset.Bar0, 4, 0x4000_0000u + ((uint)(n & 7) << 17)),
                    _ => bus.Reset(),
                ],
            };
        })
        {
            Offsets = [0, 0x1_fffc, 0x2_0000, 0x4_0000],
        };

        FuzzBudget.Spend(plan);
    }

    private static (PciBus Bus, BareFunction Function) Build(FuzzRig rig)
    {
        var bus = new PciBus(rig.CreateLine(), rig.CreateLine(), rig.CreateLine(), rig.CreateLine());
        var function = new BareFunction();
        bus.Attach(1, 0, function);
        return (bus, function);
    }

    private static FuzzSubject<PciBusState> Subject(IMmioDevice device, PciBus bus, BareFunction function) =>
        new(device, bus.Save, bus.Restore)
        {
            Inputs = [n => function.Config.SetInterrupt((n & 1) != 0), _ => bus.Reset()],
        };

    /// <summary>Registers that read as their own offset.</summary>
    private sealed class BareFunction : IPciFunction
    {
        public string Name => "bare";

        public PciConfigSpace Config { get; } = new(
            new PciIdentity(VendorId: 0x8086, DeviceId: 0x100e, ClassCode: 0x020000, RevisionId: 3, InterruptPin: 1),
            new PciBar(0, PciSpace.Memory, 0x2_0000));

        public void Reset()
        {
        }

        public BusStatus ReadBar(int barIndex, uint offset, int sizeBytes, out uint value) =>
            PeekBar(barIndex, offset, sizeBytes, out value);

        public BusStatus WriteBar(int barIndex, uint offset, int sizeBytes, uint value) => BusStatus.Ok;

        public BusStatus PeekBar(int barIndex, uint offset, int sizeBytes, out uint value)
        {
            value = offset & (uint.MaxValue >> (32 - 8 * sizeBytes));
            return BusStatus.Ok;
        }
    }
}
