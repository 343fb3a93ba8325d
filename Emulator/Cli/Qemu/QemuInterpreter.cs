using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Cli.Qemu;

/// <summary>Gives QEMU's options their meaning: what each does to the machine to be built.</summary>
internal sealed partial class QemuInterpreter(MachineOptionsBuilder builder)
{
    public MachineOptionsBuilder Builder { get; } = builder;

    /// <summary>Set when an option asks for a text instead of a machine.</summary>
    public string? Text { get; private set; }

    public void Update(Func<MachineOptions, MachineOptions> change) => Builder.Options = change(Builder.Options);

    /// <summary>All options are read.</summary>
    public Request.Run Finish() => Builder.Build();

    public void PrintHelp() => Text = QemuHelp.Text();

    public void PrintVersion() => Text = VersionText.Full;

    public void Machine(string option, string text)
    {
        var properties = PropertyList.Parse(option, text, "type");
        string? type = properties.Get("type");
        switch (type)
        {
            case "help" or "?":
                Text = "Supported machines are:\nvirt                 RISC-V VirtIO board (default)\n";
                return;
            case null or "virt":
                break;
            default:
                throw new UsageException($"{option}: no machine {OptionValues.Quote(type)}; there is one: virt");
        }

        properties.Allow("type", "accel", "acpi", "aclint", "aia", "dumpdtb", "graphics", "usb", "memory-backend");
        RefuseUnlessNone("aclint", ["off"]);
        RefuseUnlessNone("aia", ["none"]);
        RefuseUnlessNone("dumpdtb", []);
        RefuseUnlessNone("memory-backend", []);
        if (properties.Get("accel") is { } accelerator)
        {
            Accelerator(accelerator);
        }

        void RefuseUnlessNone(string name, string[] supported)
        {
            if (properties.Get(name) is { } value && !supported.Contains(value))
            {
                throw new UsageException($"{option}: {name}={value} is not supported; leave {name} out");
            }
        }
    }

    public void Cpu(string text)
    {
        var properties = PropertyList.Parse("-cpu", text, "model");
        string model = properties.Get("model") ?? "";
        switch (model)
        {
            case "help" or "?":
                Text = "rv64\n";
                return;
            case "rv64" or "max":
                break;
            default:
                throw new UsageException($"-cpu: no processor {OptionValues.Quote(model)}; there is one: rv64");
        }

        foreach (string name in properties.Names.Where(name => name != "model"))
        {
            string value = properties.Get(name)!;
            if (value is not ("on" or "off" or "true" or "false") || CpuFeatures.Has(name) != (value is "on" or "true"))
            {
                Builder.Notice($"-cpu: {name}={value} is ignored; the processor is always the same");
            }
        }
    }

    public void Smp(string text)
    {
        var properties = PropertyList.Parse("-smp", text, "cpus");
        properties.Allow("cpus", "cores", "sockets", "threads", "maxcpus", "dies", "clusters");
        string? count = properties.Get("cpus");
        int harts = 1;
        if (count is not null)
        {
            harts = OptionValues.Harts("-smp", count);
        }
        else
        {
            foreach (string name in (string[])["sockets", "dies", "clusters", "cores", "threads"])
            {
                if (properties.Get(name) is { } factor)
                {
                    harts = Math.Min(9, harts * OptionValues.Harts("-smp", factor));
                }
            }

            harts = OptionValues.Harts("-smp", $"{harts}");
        }

        Update(o => o with { Harts = harts });
    }

    public void Memory(string text)
    {
        var properties = PropertyList.Parse("-m", text, "size");
        properties.Allow("size", "slots", "maxmem");
        ulong bytes = OptionValues.Memory("-m", properties.Require("size", "write -m 128M"));
        Update(o => o with { MemoryBytes = bytes });
    }

    public void Bios(string text) =>
        Update(o => o with
        {
            BiosIsChosen = true,
            Bios = text switch
            {
                "none" => BiosSelection.None,
                "default" => BiosSelection.Default,
                "" => throw new UsageException("-bios: the file name is empty; write none, default or a file"),
                _ => BiosSelection.FromFile(text),
            },
        });

    public void FirmwareDirectory(string text)
    {
        if (text == "help")
        {
            Text = string.Concat(Builder.Options.FirmwareDirectories.Select(directory => directory + "\n"));
            return;
        }

        Update(o => o with { FirmwareDirectories = o.FirmwareDirectories.Add(text) });
    }

    public void Accelerator(string text)
    {
        var properties = PropertyList.Parse("-accel", text, "accel");
        string name = properties.Get("accel") ?? "";
        // "kvm:tcg" names alternatives.
        if (!name.Split(':').Contains("tcg"))
        {
            throw new UsageException($"-accel: no accelerator {OptionValues.Quote(name)}; there is only tcg (emulation)");
        }
    }

    public void Rtc(string text)
    {
        var properties = PropertyList.Parse("-rtc", text, null);
        properties.Allow("base", "clock", "driftfix");
        if (properties.Get("base") is { } start)
        {
            ulong nanoseconds = OptionValues.RtcBase("-rtc", start, Builder.Host);
            Update(o => o with { RtcBaseNanoseconds = nanoseconds });
        }
    }

    public void Log(string text)
    {
        if (text is "help" or "?")
        {
            Text = """
                Log items (comma separated):
                unimp           what the guest uses and this machine does not have
                guest_errors    what no guest should do
                int             traps and interrupts
                in_asm          instructions, as they are first decoded

                """;
            return;
        }

        Builder.LogItems = (Builder.LogItems ?? 0) | OptionValues.Items("-d", text);
    }

    public void LogFile(string option, string path) =>
        Builder.LogPath = path.Length > 0 ? path : throw new UsageException($"{option}: the file name is empty");

    public void NoShutdown() => Builder.Notice("-no-shutdown: ignored; a guest that powers off ends the run");

    public void Debugger(string option, string text) =>
        Update(o => o with { Debugger = Cli.Debugger.DebuggerPort.Parse(option, text, o.Debugger) });

    public void DebuggerPort(string text) => Debugger("-p", $"tcp::{text}");
}
