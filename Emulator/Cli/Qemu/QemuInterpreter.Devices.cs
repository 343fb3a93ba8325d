using System.Globalization;
using RiscvXv6.Emulator.Cli.Network;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Text;

namespace RiscvXv6.Emulator.Cli.Qemu;

/// <content>Disks, devices and networks.</content>
internal sealed partial class QemuInterpreter
{
    private const string BusPrefix = "virtio-mmio-bus.";

    private static readonly (string Name, string Help)[] Devices =
    [
        ("virtio-blk-device", "a disk in a virtio-mmio slot: drive=ID[,bus=virtio-mmio-bus.N]"),
        ("e1000", "a network card on PCI: netdev=ID[,mac=MAC][,addr=N][,fidelity=lenient|lab|hardware][,pci-bus=pcie|pci33|pci66]"),
        ("e1000-82540em", "the same"),
        ("virtio-net-device", "accepted, but the guest finds no card: there is e1000"),
    ];

    public void Drive(string text)
    {
        const string Option = "-drive";
        var properties = PropertyList.Parse(Option, text, null);
        properties.Allow("file", "if", "format", "id", "readonly", "snapshot", "index", "bus", "unit", "media", "cache", "aio",
            "discard", "detect-zeroes", "werror", "rerror", "auto-read-only", "file.locking", "file.driver", "driver",
            "throttling");
        string path = properties.Require("file", "write -drive file=fs.img,if=none,format=raw,id=x0");
        string format = properties.Get("format") ?? properties.Get("driver") ?? "raw";
        if (format != "raw")
        {
            throw new UsageException($"{Option}: {path}: format {OptionValues.Quote(format)} is not supported, only raw is; "
                + $"convert it: qemu-img convert -O raw {path} {path}.raw");
        }

        if (properties.Get("media") is { } media && media is not ("disk" or "cdrom"))
        {
            throw new UsageException($"{Option}: media={media} is neither disk nor cdrom");
        }

        bool readOnly = SwitchOf(properties, "readonly") || properties.Get("media") == "cdrom";
        bool snapshot = SwitchOf(properties, "snapshot");
        string attachment = properties.Get("if") ?? "virtio";
        string stem = attachment == "none" ? "none" : "virtio";
        string id = properties.Get("id") is { Length: > 0 } given ? given : Builder.FreeDriveId(stem);
        Builder.AddDrive(Option, new DriveOptions(id, path, readOnly, snapshot));
        switch (attachment)
        {
            case "none":
                break;
            case "virtio":
                Builder.AddDisk(Option, id, null);
                break;
            default:
                throw new UsageException($"{Option}: if={attachment} is not supported; use if=virtio, "
                    + "or if=none with a -device virtio-blk-device");
        }
    }

    public void DiskFile(string option, string path)
    {
        if (path.Length == 0)
        {
            throw new UsageException($"{option}: the file name is empty");
        }

        string id = Builder.FreeDriveId("virtio");
        Builder.AddDrive(option, new DriveOptions(id, path));
        Builder.AddDisk(option, id, null);
    }

    public void Device(string text)
    {
        const string Option = "-device";
        var properties = PropertyList.Parse(Option, text, "driver");
        string driver = properties.Get("driver") ?? "";
        switch (driver)
        {
            case "help" or "?":
                Text = string.Concat(Devices.Select(device => $"{device.Name,-20} {device.Help}\n"));
                return;
            case "virtio-blk-device":
                properties.Allow("driver", "drive", "bus", "id", "bootindex", "serial", "write-cache");
                string drive = properties.Require("drive", "write -device virtio-blk-device,drive=x0,bus=virtio-mmio-bus.0");
                Builder.AddDisk(Option, drive, properties.Get("bus") is { } bus ? Slot(Option, bus) : null);
                break;
            case "e1000" or "e1000-82540em":
                properties.Allow(["driver", .. NicParser.Properties]);
                Builder.Network.AddNic(NicParser.Parse(properties, properties.Get("netdev"), "mac"));
                break;
            case "virtio-net-device":
                Builder.Notice($"{Option}: virtio-net-device: there is no such card here, and the guest finds none; use -device e1000");
                if (properties.Get("netdev") is { } netdev)
                {
                    Builder.Network.UseElsewhere(Option, netdev);
                }

                break;
            default:
                throw new UsageException($"{Option}: {OptionValues.Quote(driver)} is not supported"
                    + NearestName.Suggest(driver, Devices.Select(device => device.Name))
                    + $"; there are {string.Join(", ", Devices.Select(device => device.Name))}");
        }
    }

    public void Global(string text)
    {
        const string Option = "-global";
        int equals = text.IndexOf('=');
        if (equals < 0)
        {
            var properties = PropertyList.Parse(Option, text, null);
            throw new UsageException($"{Option}: {OptionValues.Quote(properties.Names.FirstOrDefault() ?? "")} has no value; "
                + "write DRIVER.PROPERTY=VALUE");
        }

        string name = text[..equals];
        string value = text[(equals + 1)..];
        if (name == "driver")
        {
            var properties = PropertyList.Parse(Option, text, null);
            name = $"{properties.Get("driver")}.{properties.Get("property")}";
            value = properties.Get("value") ?? "";
        }

        if (name == "virtio-mmio.force-legacy")
        {
            bool legacy = OptionValues.Switch(Option, value);
            Update(o => o with { LegacyVirtio = legacy });
        }
        else
        {
            Builder.Notice($"{Option}: {OptionValues.Quote(name)} is ignored; only virtio-mmio.force-legacy is known");
        }
    }

    private static bool SwitchOf(PropertyList properties, string name) =>
        properties.Get(name) is { } text && OptionValues.Switch($"{properties.Option}: {name}", text);

    private static int Slot(string option, string bus)
    {
        if (bus.StartsWith(BusPrefix, StringComparison.Ordinal)
            && int.TryParse(bus.AsSpan(BusPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int slot)
            && slot < MachineOptions.VirtioSlotCount)
        {
            return slot;
        }

        throw new UsageException($"{option}: no bus {OptionValues.Quote(bus)}; there are {BusPrefix}0 to {BusPrefix}7");
    }
}
