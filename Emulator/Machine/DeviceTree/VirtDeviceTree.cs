using RiscvXv6.Devices.Timing;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Plic;

namespace RiscvXv6.Emulator.Machine.DeviceTree;

/// <summary>
/// The device tree of the <c>virt</c> board, shaped as QEMU's so that OpenSBI, U-Boot and Linux find everything where they
/// expect it; only devices that exist are in it.
/// </summary>
internal sealed class VirtDeviceTree
{
    /// <summary>
    /// The extensions of a hart, as both <c>riscv,isa</c> and <c>riscv,isa-extensions</c> name them. With svadu and without svade a
    /// kernel relies on the A and D bits being set by hardware, as menvcfg.ADUE's reset value of 1 makes true.
    /// </summary>
    public static IReadOnlyList<string> MultiLetterExtensions { get; } =
    [
        "zicntr", "zicsr", "zifencei", "zba", "zbb", "zbc", "zbs", "sstc", "svadu", "svinval",
    ];

    private const string SingleLetterExtensions = "imafdc";

    // RISC-V "interrupt cause" numbers, which the cpu-intc binding uses.
    private const uint SupervisorExternal = 9;
    private const uint MachineSoftware = 3;
    private const uint MachineTimer = 7;
    private const uint MachineExternal = 11;

    /// <summary>The clock of which divisor 1 gives 230,400 baud.</summary>
    private const uint UartClockHertz = 3_686_400;

    private readonly VirtBoard _board;
    private readonly DeviceTreeNode _root = new("");

    private VirtDeviceTree(VirtBoard board) => _board = board;

    private uint PlicHandle => (uint)(2 * _board.HartCount + 1);

    private uint FinisherHandle => PlicHandle + 1;

    public static DeviceTreeNode Create(VirtBoard board)
    {
        var tree = new VirtDeviceTree(board);
        tree.AddRoot();
        tree.AddCpus();
        tree.AddMemory();
        tree.AddSoc();
        board.Chosen.ApplyTo(tree._root);
        return tree._root;
    }

    private static uint CpuHandle(int hart) => (uint)(2 * hart + 1);

    private static uint InterruptControllerHandle(int hart) => CpuHandle(hart) + 1;

    private void AddRoot()
    {
        _root.SetCells("#address-cells", 2).SetCells("#size-cells", 2);
        _root.SetStrings("compatible", "riscv-virtio").SetStrings("model", "riscv-virtio,qemu");
        _root.Add("chosen").SetStrings("stdout-path", $"/soc/serial@{MemoryMap.Uart.Base:x}");
        AddSyscon("poweroff", "syscon-poweroff", 0x5555);
        AddSyscon("reboot", "syscon-reboot", 0x7777);
    }

    private void AddSyscon(string name, string compatible, uint value) => _root.Add(name)
        .SetStrings("compatible", compatible)
        .SetCells("regmap", FinisherHandle)
        .SetCells("offset", 0)
        .SetCells("value", value);

    private void AddCpus()
    {
        var cpus = _root.Add("cpus");
        cpus.SetCells("#address-cells", 1).SetCells("#size-cells", 0);
        cpus.SetCells("timebase-frequency", (uint)GuestClock.TimebaseHz);
        string[] extensions = [.. SingleLetterExtensions.Select(letter => letter.ToString()), .. MultiLetterExtensions];
        string isa = $"rv64{SingleLetterExtensions}_{string.Join('_', MultiLetterExtensions)}";
        for (int hart = 0; hart < _board.HartCount; hart++)
        {
            var cpu = cpus.Add($"cpu@{hart:x}")
                .SetCells("phandle", CpuHandle(hart))
                .SetStrings("device_type", "cpu")
                .SetCells("reg", (uint)hart)
                .SetStrings("status", "okay")
                .SetStrings("compatible", "riscv")
                .SetStrings("riscv,isa", isa)
                .SetStrings("riscv,isa-base", "rv64i")
                .SetStrings("riscv,isa-extensions", extensions)
                .SetStrings("mmu-type", "riscv,sv57");
            cpu.Add("interrupt-controller")
                .SetCells("#interrupt-cells", 1)
                .SetFlag("interrupt-controller")
                .SetStrings("compatible", "riscv,cpu-intc")
                .SetCells("phandle", InterruptControllerHandle(hart));
        }

        var cluster = cpus.Add("cpu-map").Add("cluster0");
        for (int hart = 0; hart < _board.HartCount; hart++)
        {
            cluster.Add($"core{hart}").SetCells("cpu", CpuHandle(hart));
        }
    }

    private void AddMemory() => AddDevice(_root, "memory", MemoryMap.RamRange(_board.MemorySizeBytes))
        .SetStrings("device_type", "memory");

    private void AddSoc()
    {
        var soc = _root.Add("soc");
        soc.SetCells("#address-cells", 2).SetCells("#size-cells", 2);
        soc.SetStrings("compatible", "simple-bus").SetFlag("ranges");
        AddRtcAndUart(soc);
        AddDevice(soc, "test", MemoryMap.Finisher.Range)
            .SetStrings("compatible", "sifive,test1", "sifive,test0", "syscon")
            .SetCells("phandle", FinisherHandle);
        PciNode.AddTo(soc, PlicHandle, MemoryMap.PciHighMemory(_board.MemorySizeBytes));

        // Highest first, as QEMU lists them: Linux names disks in this order.
        for (int slot = MemoryMap.Virtio.Count - 1; slot >= 0; slot--)
        {
            SetInterrupt(AddDevice(soc, "virtio_mmio", MemoryMap.Virtio.At(slot)), MemoryMap.Virtio.InterruptAt(slot))
                .SetStrings("compatible", "virtio,mmio");
        }

        AddInterruptControllers(soc);
    }

    private void AddRtcAndUart(DeviceTreeNode soc)
    {
        SetInterrupt(AddDevice(soc, "rtc", MemoryMap.Rtc.Range), MemoryMap.Rtc.Interrupt)
            .SetStrings("compatible", "google,goldfish-rtc");
        SetInterrupt(AddDevice(soc, "serial", MemoryMap.Uart.Range), MemoryMap.Uart.Interrupt)
            .SetStrings("compatible", "ns16550a")
            .SetCells("clock-frequency", UartClockHertz);
    }

    private void AddInterruptControllers(DeviceTreeNode soc)
    {
        AddDevice(soc, "plic", MemoryMap.Plic.Range)
            .SetStrings("compatible", "sifive,plic-1.0.0", "riscv,plic0")
            .SetCells("#address-cells", 0)
            .SetCells("#interrupt-cells", 1)
            .SetFlag("interrupt-controller")
            .SetCells("interrupts-extended", HartInterrupts(MachineExternal, SupervisorExternal))
            .SetCells("riscv,ndev", PlicRegisters.SourceCount - 1)
            .SetCells("phandle", PlicHandle);
        AddDevice(soc, "clint", MemoryMap.Clint.Range)
            .SetStrings("compatible", "sifive,clint0", "riscv,clint0")
            .SetCells("interrupts-extended", HartInterrupts(MachineSoftware, MachineTimer));
    }

    /// <summary>Two lines of every hart, in the order in which the controller numbers its contexts.</summary>
    private uint[] HartInterrupts(uint first, uint second)
    {
        var cells = new List<uint>();
        for (int hart = 0; hart < _board.HartCount; hart++)
        {
            uint controller = InterruptControllerHandle(hart);
            cells.AddRange([controller, first, controller, second]);
        }

        return [.. cells];
    }

    private DeviceTreeNode SetInterrupt(DeviceTreeNode node, int source) =>
        node.SetCells("interrupts", (uint)source).SetCells("interrupt-parent", PlicHandle);

    private static DeviceTreeNode AddDevice(DeviceTreeNode parent, string name, AddressRange range) =>
        parent.Add($"{name}@{range.Base:x}").SetLongs("reg", range.Base, range.SizeBytes);
}
