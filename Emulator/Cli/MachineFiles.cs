using RiscvXv6.Devices.Virtio;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Machine.DeviceTree;
using RiscvXv6.Guest.Elf;

namespace RiscvXv6.Emulator.Cli;

/// <summary>The one place where the files that options name are read, and become a machine's setup.</summary>
internal static class MachineFiles
{
    /// <exception cref="UsageException">A file can't be used; one line says which, why, and what to do.</exception>
    public static MachineSetup Load(MachineOptions options)
    {
        var kernel = Read("-kernel", options.KernelPath!, "build it first, or check the path");
        if (!ElfFile.TryParse(kernel, out var elf, out var error))
        {
            throw new UsageException($"-kernel: {options.KernelPath}: {error.Message}");
        }

        ulong ramEnd = MemoryMap.Ram.Base + options.MemoryBytes;
        var loads = new List<ImageLoad>();
        foreach (var segment in elf.Segments)
        {
            if (segment.PhysicalAddress < MemoryMap.Ram.Base || segment.LastPhysicalAddress >= ramEnd)
            {
                throw new UsageException($"-kernel: {options.KernelPath}: a segment at 0x{segment.PhysicalAddress:x} to "
                    + $"0x{segment.LastPhysicalAddress:x} is outside RAM (0x{MemoryMap.Ram.Base:x} to 0x{ramEnd - 1:x}); "
                    + "give more memory with -m, or link it elsewhere");
            }

            loads.Add(new ImageLoad(segment.PhysicalAddress, segment.Data, segment.MemorySizeBytes));
        }

        byte[] tree = FdtWriter.Write(VirtDeviceTree.Create(new VirtBoard(options.Harts, options.MemoryBytes)));
        ulong treeAddress = (ramEnd - (ulong)tree.Length) & ~0x1f_ffffUL;
        loads.Add(new ImageLoad(treeAddress, tree, (ulong)tree.Length));
        byte[] rom = new BootRom(MemoryMap.Ram.Base, treeAddress, 0).ToBytes();
        loads.Add(new ImageLoad(MemoryMap.BootRom.Base, rom, (ulong)rom.Length));

        return new MachineSetup
        {
            HartCount = options.Harts,
            MemoryBytes = options.MemoryBytes,
            CpuMegahertz = options.CpuMhz,
            Pace = options.Pace,
            LegacyVirtio = options.LegacyVirtio,
            Disks = OpenDisks(options),
            RtcBaseNanoseconds = options.RtcBaseNanoseconds,
            Loads = loads,
            PmpCourtesy = options.Bios.Kind == BiosKind.None && !options.StrictPmp,
            ScheduleSeed = options.QuantumSeed,
            ToHost = elf.ToHost,
            FromHost = elf.FromHost,
            ResetEndsRun = options.NoReboot,
            InputIsLive = options.Serial.Kind == SerialKind.Stdio,
        };
    }

    /// <summary>Reads a whole file.</summary>
    /// <param name="option">Named in complaints.</param>
    /// <param name="path">The file.</param>
    /// <param name="remedy">What to do if it is not there.</param>
    public static byte[] Read(string option, string path, string remedy)
    {
        if (path.Length == 0)
        {
            throw new UsageException($"{option}: the file name is empty; name a file");
        }

        if (Directory.Exists(path))
        {
            throw new UsageException($"{option}: {path}: is a directory; name a file");
        }

        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"{option}: {path}: no such file ({remedy})", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UsageException($"{option}: {path}: no permission to read it; check the file's mode and owner", e);
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException or OutOfMemoryException)
        {
            throw new UsageException($"{option}: {path}: can't be read: {e.Message}", e);
        }
    }

    private static Dictionary<int, IBlockBackend> OpenDisks(MachineOptions options)
    {
        var backends = new Dictionary<string, IBlockBackend>();
        foreach (var drive in options.Drives)
        {
            try
            {
                backends[drive.Id] = DiskImage.Open(drive.Path, new DiskImageOptions(drive.ReadOnly, drive.Snapshot));
            }
            catch (BlockImageException e)
            {
                throw new UsageException($"-drive: {e.Message}", e);
            }
        }

        return options.VirtioDisks.ToDictionary(static disk => disk.Slot, disk => backends[disk.DriveId]);
    }
}
