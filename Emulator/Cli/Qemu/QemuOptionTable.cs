using RiscvXv6.Emulator.Cli.Network;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Cli.Qemu;

/// <summary>
/// Every option that this front door takes. The names and meanings are QEMU's ("QEMU System Emulation Invocation"), so that
/// Makefiles written for it work; those of the last section are ours.
/// </summary>
internal static class QemuOptionTable
{
    public static QemuOption[] Rows { get; } =
    [
        new("h", null, "same as -help", (q, _) => q.PrintHelp()),
        new("help", null, "print this and exit", (q, _) => q.PrintHelp()),
        new("version", null, "print the version and exit", (q, _) => q.PrintVersion()),

        new("machine", "virt[,prop=value]", "the board; there is one, virt", (q, a) => q.Machine("-machine", a)),
        new("M", "virt[,prop=value]", "same as -machine", (q, a) => q.Machine("-M", a)),
        new("cpu", "rv64[,prop=value]", "the processor: RV64GC with Zba, Zbb, Zbc, Zbs, Sstc", (q, a) => q.Cpu(a)),
        new("smp", "[cpus=]N", "harts, 1 to 8 (1)", (q, a) => q.Smp(a)),
        new("m", "[size=]SIZE", "RAM: 128M, 1G, or a plain number of MiB (128M)", (q, a) => q.Memory(a)),

        new("bios", "none|default|FILE", "firmware; default is the host's OpenSBI", (q, a) => q.Bios(a)),
        new("kernel", "FILE", "an ELF file or a Linux Image", (q, a) => q.Update(o => o with { KernelPath = a })),
        new("initrd", "FILE", "initial RAM disk", (q, a) => q.Update(o => o with { InitrdPath = a })),
        new("append", "TEXT", "the kernel's command line", (q, a) => q.Update(o => o with { Append = a })),
        new("dtb", "FILE", "use this device tree instead of ours", (q, a) => q.Update(o => o with { DtbPath = a })),
        new("L", "DIR", "look for firmware there first", (q, a) => q.FirmwareDirectory(a)),

        new("drive", "file=FILE[,if=none|virtio][,format=raw][,id=ID][,readonly=on][,snapshot=on]", "a disk image",
            (q, a) => q.Drive(a)),
        new("hda", "FILE", "a raw disk image in a free virtio slot", (q, a) => q.DiskFile("-hda", a)),
        new("snapshot", null, "forget what guests write to disks", (q, _) => q.Builder.SnapshotAll = true),
        new("device", "DRIVER[,prop=value]", "add a device (-device help lists them)", (q, a) => q.Device(a)),
        new("global", "DRIVER.PROP=VALUE", "virtio-mmio.force-legacy=off for virtio 1.0", (q, a) => q.Global(a)),

        new("netdev", "user|socket|stream|dgram|tap|hubport,id=ID[,prop=value]", "a network", (q, a) => q.Netdev(a)),
        new("nic", "user|socket|…[,model=e1000][,mac=MAC][,prop=value]", "a network and its card in one", (q, a) => q.Nic(a)),
        new("net", "nic|user|socket|…[,prop=value]", "cards and networks the old way: all meet at one hub", (q, a) => q.OldNet(a)),
        new("object", "filter-dump,id=ID,netdev=ID,file=FILE[,maxlen=N][,queue=all|rx|tx]", "keep a network's packets, as pcap",
            (q, a) => q.Builder.Network.AddObject(a)),

        new("nographic", null, "console on standard input and output (always so)",
            (q, _) => q.Nographic()),
        new("display", "none", "there is no display", (q, a) => q.Display(a)),
        new("vga", "none", "there is no display", (q, a) => q.OnlyNone("-vga", a)),
        new("serial", "stdio|mon:stdio|none|null|file:PATH", "where the console goes", (q, a) => q.Serial(a)),
        new("monitor", "mon:stdio|stdio|none", "where the monitor is: behind Ctrl-A c, alone, or nowhere", (q, a) => q.Monitor(a)),
        new("parallel", "none", "there is no parallel port", (q, a) => q.OnlyNone("-parallel", a)),

        new("gdb", "none|tcp:[ADDRESS]:PORT", "let gdb connect there; without an address only from this host", (q, a) => q.Debugger("-gdb", a)),
        new("s", null, "same as -gdb tcp::1234", (q, _) => q.Debugger("-s", "tcp::1234")),
        new("p", "PORT", "with -s: another port than 1234, as in old QEMU", (q, a) => q.DebuggerPort(a)),
        new("S", null, "halted from the start, until gdb or the monitor says cont",
            (q, _) => q.Update(o => o with { Debugger = o.Debugger with { StartsHalted = true } })),
        new("d", "ITEM[,…]", "log unimp, guest_errors, int, in_asm", (q, a) => q.Log(a)),
        new("D", "FILE", "log there instead of standard error", (q, a) => q.LogFile("-D", a)),

        new("no-reboot", null, "a reset by the guest ends the run", (q, _) => q.Update(o => o with { NoReboot = true })),
        new("no-shutdown", null, "accepted; power-off ends the run all the same", (q, _) => q.NoShutdown()),
        new("rtc", "base=utc|localtime|DATE", "what the real-time clock shows at the start", (q, a) => q.Rtc(a)),
        new("icount", "[shift=]N[,…]", "accepted: time here always counts instructions", (_, _) => { }),
        new("accel", "tcg[,…]", "accepted", (q, a) => q.Accelerator(a)),
        new("seed", "N", "seeds the guest's random numbers (0)",
            (q, a) => q.Update(o => o with { RngSeed = OptionValues.Seed("-seed", a) })),
        new("name", "TEXT", "accepted", (_, _) => { }),
        new("uuid", "UUID", "accepted", (_, _) => { }),
        new("boot", "ORDER", "accepted", (_, _) => { }),
        new("nodefaults", null, "accepted", (_, _) => { }),
        new("no-user-config", null, "accepted", (_, _) => { }),

        new("pace", "realtime|virtual|strict", "how guest time follows the wall (realtime on a terminal or with a host network, else virtual)",
            (q, a) => q.Builder.Pace = OptionValues.Pace("-pace", a)),
        new("cpu-mhz", "N", "cycles in a virtual microsecond (1000)",
            (q, a) => q.Update(o => o with { CpuMhz = OptionValues.Whole("-cpu-mhz", a, 1, MachineOptions.MaxCpuMhz) })),
        new("strict-pmp", null, "fault in S-mode while PMP is not programmed, as the specification says",
            (q, _) => q.Update(o => o with { StrictPmp = true })),
        new("hart-seed", "N", "vary the order in which harts take turns",
            (q, a) => q.Update(o => o with { QuantumSeed = OptionValues.Seed("-hart-seed", a) })),
        new("nic-fidelity", "lenient|lab|hardware", "how cards take their driver's mistakes (lenient: what some xv6 needs works)",
            (q, a) => q.Builder.Network.Fidelity = NicParser.Fidelity("-nic-fidelity", a)),
        new("dns-host", "NAME=ADDRESS", "user networks answer this name themselves; repeat for more",
            (q, a) => q.Builder.Network.AddDnsHost(a)),
        new("capture", "FILE[,netdev=ID]", "keep packets as pcapng: nanoseconds, direction, why one was dropped",
            (q, a) => q.Builder.Network.AddCapture(a)),
        new("net-faults", "[netdev=ID][,direction=both|tx|rx][,seed=N][,drop=1%][,burst=N][,dup=P][,corrupt=P][,bad-fcs=P][,reorder=P]"
            + "[,delay=20ms][,jitter=T][,rate=10Mbit][,flap=10s/1s]", "what goes wrong on a cable, the same in every run",
            (q, a) => q.Builder.Network.AddFaults(a)),
        new("net-report", "FILE", "where each packet's time went, as JSON", (q, a) => q.Builder.Network.ReportPath = NotEmpty("-net-report", a)),
        new("net-table", null, "print the cards' totals at the end", (q, _) => q.Builder.Network.PrintsTable = true),
        new("log", "FILE", "keep the machine's log there", (q, a) => q.LogFile("-log", a)),
        new("record", "FILE", "keep the run's input, to run it again: riscvxv6 replay FILE", (q, a) => q.Update(o => o with { RecordPath = a })),
    ];

    private static string NotEmpty(string option, string path) =>
        path.Length > 0 ? path : throw new UsageException($"{option}: the file name is empty");
}
