using CommandLine;
using RiscvXv6.Emulator.Cli.Debugger;
using RiscvXv6.Emulator.Cli.Network;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Cli.Qemu;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Cli.Verbs;

/// <summary><c>riscvxv6 run</c>: our own front door. Names are shared with QEMU's door wherever both have the thing.</summary>
[Verb("run", HelpText = "Boot a kernel.")]
internal sealed class RunVerb
{
    [Value(0, MetaName = "KERNEL", HelpText = "An ELF file or a Linux Image.")]
    public string? Kernel { get; set; }

    [Option("disk", MetaValue = "IMAGE", HelpText = "A raw disk image; repeat for more. IMAGE,readonly and IMAGE,snapshot protect it.")]
    public IEnumerable<string> Disks { get; set; } = [];

    [Option("harts", MetaValue = "N", HelpText = "Processors, 1 to 8 (1).")]
    public string? Harts { get; set; }

    [Option('m', "memory", MetaValue = "SIZE", HelpText = "128M, 1G, or a plain number of MiB (128M).")]
    public string? Memory { get; set; }

    [Option("bios", MetaValue = "none|default|FILE", HelpText = "Firmware (none; default is the host's OpenSBI).")]
    public string? Bios { get; set; }

    [Option("initrd", MetaValue = "FILE", HelpText = "Initial RAM disk.")]
    public string? Initrd { get; set; }

    [Option("append", MetaValue = "TEXT", HelpText = "The kernel's command line.")]
    public string? Append { get; set; }

    [Option("dtb", MetaValue = "FILE", HelpText = "Use this device tree instead of ours.")]
    public string? Dtb { get; set; }

    [Option("legacy-virtio", HelpText = "Disks speak virtio's legacy interface, as xv6 of 2019 to 2021 wants.")]
    public bool LegacyVirtio { get; set; }

    [Option("snapshot", HelpText = "Forget what the guest writes to disks.")]
    public bool Snapshot { get; set; }

    [Option("net", MetaValue = "TYPE[,PROP=VALUE]",
        HelpText = "A network with a card, as QEMU's -netdev: user, socket, stream, dgram, tap or hubport; repeat for more.")]
    public IEnumerable<string> Networks { get; set; } = [];

    [Option("nic", MetaValue = "e1000[,PROP=VALUE]", HelpText = "A card: netdev=ID, mac=MAC, addr=N, fidelity=…, pci-bus=…; repeat for more.")]
    public IEnumerable<string> Nics { get; set; } = [];

    [Option("nic-fidelity", MetaValue = "HOW", HelpText = "How cards take mistakes: lenient, lab or hardware (lenient).")]
    public string? NicFidelity { get; set; }

    [Option("dns-host", MetaValue = "NAME=ADDRESS", HelpText = "User networks answer this name themselves; repeat for more.")]
    public IEnumerable<string> DnsHosts { get; set; } = [];

    [Option("capture", MetaValue = "FILE[,netdev=ID]", HelpText = "Keep packets as pcapng; repeat for more files.")]
    public IEnumerable<string> Captures { get; set; } = [];

    [Option("net-faults", MetaValue = "FAULTS",
        HelpText = "What goes wrong on a cable: drop=1%, delay=20ms, …, as QEMU's door has it (riscvxv6 -help).")]
    public IEnumerable<string> Faults { get; set; } = [];

    [Option("net-report", MetaValue = "FILE", HelpText = "Where each packet's time went, as JSON.")]
    public string? NetReport { get; set; }

    [Option("net-table", HelpText = "Print the cards' totals at the end.")]
    public bool NetTable { get; set; }

    [Option("serial", MetaValue = "TARGET", HelpText = "Console: stdio, none or file:PATH (stdio).")]
    public string? Serial { get; set; }

    [Option("monitor", MetaValue = "PLACE", HelpText = "Monitor: mon:stdio (behind Ctrl-A c), stdio (alone) or none (mon:stdio).")]
    public string? Monitor { get; set; }

    [Option("pace", MetaValue = "PACE", HelpText = "realtime, virtual or strict (realtime on a terminal or with a host network, else virtual).")]
    public string? Pace { get; set; }

    [Option("cpu-mhz", MetaValue = "N", HelpText = "Cycles in a virtual microsecond (1000).")]
    public string? CpuMhz { get; set; }

    [Option("strict-pmp", HelpText = "Fault in S-mode while PMP is not programmed.")]
    public bool StrictPmp { get; set; }

    [Option("no-reboot", HelpText = "A reset by the guest ends the run.")]
    public bool NoReboot { get; set; }

    [Option("rtc", MetaValue = "DATE", HelpText = "What the clock shows at the start: utc, localtime or a date (utc).")]
    public string? Rtc { get; set; }

    [Option("seed", MetaValue = "N", HelpText = "Seeds the guest's random numbers (0).")]
    public string? Seed { get; set; }

    [Option("hart-seed", MetaValue = "N", HelpText = "Vary the order in which harts take turns.")]
    public string? HartSeed { get; set; }

    [Option("gdb", MetaValue = "PORT", HelpText = "Let gdb connect there, from this host; tcp:ADDRESS:PORT for others.")]
    public string? Gdb { get; set; }

    [Option("halted", HelpText = "Halted from the start, until gdb or the monitor says cont.")]
    public bool Halted { get; set; }

    [Option("log", MetaValue = "FILE", HelpText = "Keep the machine's log there.")]
    public string? LogPath { get; set; }

    [Option("log-items", MetaValue = "ITEMS", HelpText = "What to log: unimp, guest_errors, int, in_asm.")]
    public string? LogItems { get; set; }

    [Option("record", MetaValue = "FILE", HelpText = "Keep the run's input, to run it again: riscvxv6 replay FILE.")]
    public string? Record { get; set; }

    /// <summary>The same checks as the other door's, under this door's names.</summary>
    public Request.Run Interpret(HostFacts host)
    {
        if (string.IsNullOrEmpty(Kernel))
        {
            throw new UsageException("run: no kernel given; write riscvxv6 run KERNEL");
        }

        var builder = new MachineOptionsBuilder(host);
        var options = builder.Options;
        builder.Options = options with
        {
            KernelPath = Kernel,
            BiosIsChosen = true,
            Bios = Bios switch
            {
                null or "none" => BiosSelection.None,
                "default" => BiosSelection.Default,
                _ => BiosSelection.FromFile(Bios),
            },
            Harts = Harts is null ? options.Harts : OptionValues.Harts("--harts", Harts),
            MemoryBytes = Memory is null ? options.MemoryBytes : OptionValues.Memory("--memory", Memory),
            InitrdPath = Initrd,
            Append = Append,
            DtbPath = Dtb,
            LegacyVirtio = LegacyVirtio,
            Serial = SerialTarget(),
            Monitor = Monitor is null ? options.Monitor : OptionValues.Monitor("--monitor", Monitor),
            CpuMhz = CpuMhz is null
                ? options.CpuMhz
                : OptionValues.Whole("--cpu-mhz", CpuMhz, 1, MachineOptions.MaxCpuMhz),
            StrictPmp = StrictPmp,
            NoReboot = NoReboot,
            RtcBaseNanoseconds = Rtc is null ? options.RtcBaseNanoseconds : OptionValues.RtcBase("--rtc", Rtc, host),
            RngSeed = Seed is null ? options.RngSeed : OptionValues.Seed("--seed", Seed),
            QuantumSeed = HartSeed is null ? null : OptionValues.Seed("--hart-seed", HartSeed),
            RecordPath = Record,
        };
        builder.Options = builder.Options with { Debugger = DebuggerPort.Parse(Gdb, Halted) };
        builder.Pace = Pace is null ? null : OptionValues.Pace("--pace", Pace);
        builder.SnapshotAll = Snapshot;
        builder.LogPath = LogPath;
        builder.LogItems = LogItems is null ? null : OptionValues.Items("--log-items", LogItems);
        AddDisks(builder);
        AddNetworks(builder.Network);
        return builder.Build();
    }

    private void AddDisks(MachineOptionsBuilder builder)
    {
        int slot = 0;
        foreach (string disk in Disks)
        {
            if (slot == MachineOptions.VirtioSlotCount)
            {
                throw new UsageException($"--disk: at most {MachineOptions.VirtioSlotCount} disks");
            }

            string path = disk;
            bool readOnly = false;
            bool snapshot = false;
            for (int comma; (comma = path.LastIndexOf(',')) >= 0; path = path[..comma])
            {
                string flag = path[(comma + 1)..];
                if (flag is not ("readonly" or "snapshot"))
                {
                    break;
                }

                readOnly |= flag == "readonly";
                snapshot |= flag == "snapshot";
            }

            string id = $"disk{slot}";
            builder.AddDrive("--disk", new DriveOptions(id, path, readOnly, snapshot));
            builder.AddDisk("--disk", id, slot++);
        }
    }

    private void AddNetworks(NetworkOptionsBuilder network)
    {
        foreach (string text in Networks)
        {
            var properties = PropertyList.Parse("--net", text, "type");
            network.AddNetdev(properties, properties.Get("id") is { Length: > 0 } id ? id : network.FreeNetdevId());
        }

        foreach (string text in Nics)
        {
            var properties = PropertyList.Parse("--nic", text, "model");
            properties.Allow(["model", .. NicParser.Properties]);
            NicParser.CheckModel("--nic", properties.Get("model") ?? NicParser.Models[0]);
            network.AddNic(NicParser.Parse(properties, properties.Get("netdev"), "mac"));
        }

        foreach (string text in DnsHosts)
        {
            network.AddDnsHost(text);
        }

        foreach (string text in Captures)
        {
            network.AddCapture(text);
        }

        foreach (string text in Faults)
        {
            network.AddFaults(text);
        }

        if (NicFidelity is not null)
        {
            network.Fidelity = NicParser.Fidelity("--nic-fidelity", NicFidelity);
        }

        network.ReportPath = NetReport != "" ? NetReport : throw new UsageException("--net-report: the file name is empty");
        network.PrintsTable = NetTable;
        network.AddMissingNics("--net");
    }

    private SerialOptions SerialTarget() =>
        Serial switch
        {
            null or "stdio" => SerialOptions.Stdio,
            "none" => SerialOptions.Null,
            _ when Serial.StartsWith("file:", StringComparison.Ordinal) && Serial.Length > 5 =>
                new SerialOptions(SerialKind.File, Serial[5..]),
            _ => throw new UsageException($"--serial: {OptionValues.Quote(Serial)} is not supported; "
                + "use stdio, none or file:PATH"),
        };
}
