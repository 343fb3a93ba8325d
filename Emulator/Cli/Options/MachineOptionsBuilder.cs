using System.Collections.Immutable;
using RiscvXv6.Emulator.Cli.Network;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Text;

namespace RiscvXv6.Emulator.Cli.Options;

/// <summary>
/// Collects what either front door reads, and makes the one <see cref="MachineOptions"/> of it: pairs devices with drives and
/// slots, applies defaults that depend on each other, and refuses what can't be.
/// </summary>
internal sealed class MachineOptionsBuilder
{
    private readonly List<DriveOptions> _drives = [];
    private readonly List<PendingDisk> _disks = [];
    private readonly List<string> _notices = [];

    public MachineOptionsBuilder(HostFacts host)
    {
        Host = host;
        Options = new MachineOptions { RtcBaseNanoseconds = host.UtcNanoseconds };
        Network = new NetworkOptionsBuilder(Notice);
    }

    /// <summary>What is known so far.</summary>
    public MachineOptions Options { get; set; }

    public NetworkOptionsBuilder Network { get; }

    /// <summary>Null until somebody chose.</summary>
    public Pace? Pace { get; set; }

    /// <summary>Null until somebody chose.</summary>
    public LogItems? LogItems { get; set; }

    public string? LogPath { get; set; }

    /// <summary>All drives forget what is written to them.</summary>
    public bool SnapshotAll { get; set; }

    public HostFacts Host { get; }

    /// <summary>Tells the user something that does not stop the machine; the same line only once.</summary>
    public void Notice(string line)
    {
        if (!_notices.Contains(line))
        {
            _notices.Add(line);
        }
    }

    /// <summary>A name for a drive that was given none.</summary>
    public string FreeDriveId(string stem)
    {
        int number = 0;
        while (HasDrive($"{stem}{number}"))
        {
            number++;
        }

        return $"{stem}{number}";
    }

    public bool HasDrive(string id) => _drives.Exists(drive => drive.Id == id);

    public void AddDrive(string option, DriveOptions drive)
    {
        if (HasDrive(drive.Id))
        {
            throw new UsageException($"{option}: there is a drive {OptionValues.Quote(drive.Id)} already; give each its own id=");
        }

        _drives.Add(drive);
    }

    /// <summary>Adds a virtio-blk device; drives may be defined later than their devices.</summary>
    /// <param name="option">Named in complaints.</param>
    /// <param name="driveId">The drive.</param>
    /// <param name="slot">0 to 7; null for a free one.</param>
    public void AddDisk(string option, string driveId, int? slot) => _disks.Add(new PendingDisk(option, driveId, slot));

    /// <exception cref="UsageException">The options contradict each other.</exception>
    public Request.Run Build()
    {
        if (Options.KernelPath is null && Options.Bios.Kind == BiosKind.None)
        {
            throw new UsageException("no kernel given, and without firmware there is nothing to run; add -kernel FILE");
        }

        if (Options.InitrdPath is not null && Options.KernelPath is null)
        {
            throw new UsageException("-initrd: an initrd needs a kernel; add -kernel FILE");
        }

        if (Options.Monitor == MonitorPlace.Stdio && Options.Serial.Kind == SerialKind.Stdio)
        {
            throw new UsageException("-monitor stdio: the console is at standard input and output already; press Ctrl-A c there for the monitor,"
                + " or put the console elsewhere with -serial none or -serial file:PATH");
        }

        var drives = _drives.Select(drive => drive with { Snapshot = drive.Snapshot || SnapshotAll }).ToImmutableArray();
        var network = Network.Build();
        CheckRecord(network);
        var options = Options with
        {
            Pace = Pace ?? (Host.IsTerminal || network.ReachesHost ? Machine.Pace.Realtime : Machine.Pace.Virtual),
            Drives = drives,
            VirtioDisks = AssignSlots(),
            Network = network,
            Log = LogItems is null && LogPath is null ? LogOptions.Silent : new LogOptions(LogItems ?? 0, LogPath, true),
        };
        return new Request.Run(options, [.. _notices]);
    }

    private void CheckRecord(NetworkOptions network)
    {
        if (Options.RecordPath == "")
        {
            throw new UsageException("-record: the file name is empty; name a file");
        }

        if (Options.RecordPath is not null && network.Netdevs.Any(static netdev => netdev is UserNetdevOptions { TftpRoot: not null }))
        {
            throw new UsageException("-record: a record does not keep what tftp= serves; leave one of the two out");
        }
    }

    private ImmutableArray<VirtioDisk> AssignSlots()
    {
        string?[] slots = new string?[MachineOptions.VirtioSlotCount];
        foreach (var disk in _disks)
        {
            if (!HasDrive(disk.DriveId))
            {
                throw new UsageException($"{disk.Option}: no drive {OptionValues.Quote(disk.DriveId)}"
                    + NearestName.Suggest(disk.DriveId, _drives.Select(drive => drive.Id))
                    + $"; define it with -drive file=…,if=none,format=raw,id={disk.DriveId}");
            }

            if (_disks.Exists(other => other != disk && other.DriveId == disk.DriveId))
            {
                throw new UsageException($"{disk.Option}: drive {OptionValues.Quote(disk.DriveId)} is in two devices; "
                    + "give each device its own drive");
            }
        }

        foreach (var disk in _disks.Where(disk => disk.Slot is not null))
        {
            int slot = disk.Slot!.Value;
            if (slots[slot] is not null)
            {
                throw new UsageException($"{disk.Option}: bus virtio-mmio-bus.{slot} is taken; choose another of 0 to 7");
            }

            slots[slot] = disk.DriveId;
        }

        // As in QEMU, a device without bus= takes the highest free slot, although the guest then finds it last.
        foreach (var disk in _disks.Where(disk => disk.Slot is null))
        {
            int slot = Array.FindLastIndex(slots, id => id is null);
            if (slot < 0)
            {
                throw new UsageException($"{disk.Option}: all {MachineOptions.VirtioSlotCount} virtio-mmio slots are taken");
            }

            slots[slot] = disk.DriveId;
        }

        return slots.Select((id, slot) => (id, slot))
            .Where(pair => pair.id is not null)
            .Select(pair => new VirtioDisk(pair.slot, pair.id!))
            .ToImmutableArray();
    }

    private sealed record PendingDisk(string Option, string DriveId, int? Slot);
}
