using RiscvXv6.Devices.Virtio;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Guest.Elf;

namespace RiscvXv6.Emulator.Cli;

/// <summary>The one place where the files that options name are read, and become a machine's setup.</summary>
internal static class MachineFiles
{
    /// <param name="options">What the user chose.</param>
    /// <param name="notice">Told what works, but perhaps not as meant.</param>
    /// <param name="files">Where they come from; null for the host's folders.</param>
    /// <exception cref="UsageException">A file can't be used; one line says which, why, and what to do.</exception>
    public static MachineSetup Load(MachineOptions options, Action<string> notice, FileSource? files = null)
    {
        files ??= new FileSource();
        var kernel = ReadFile(files, "-kernel", options.KernelPath, "build it first, or check the path");
        if (options.Bios.Kind == BiosKind.Default && !options.BiosIsChosen && TakesTheFirmwaresPlace(kernel))
        {
            options = options with { Bios = BiosSelection.None };
            notice("the kernel lies where firmware would, so it is started without, as by -bios none");
        }

        var plan = Plan(options, files, kernel);
        foreach (string line in plan.Notices)
        {
            notice(line);
        }

        byte[] rom = plan.Rom.ToBytes();
        return new MachineSetup
        {
            HartCount = options.Harts,
            MemoryBytes = options.MemoryBytes,
            CpuMegahertz = options.CpuMhz,
            Pace = options.Pace,
            LegacyVirtio = options.LegacyVirtio,
            Disks = OpenDisks(options, files),
            RtcBaseNanoseconds = options.RtcBaseNanoseconds,
            Loads =
            [
                new ImageLoad(MemoryMap.BootRom.Base, rom, (ulong)rom.Length),
                .. plan.Images.Select(image => new ImageLoad(image.Range.Base, image.Data, image.Range.SizeBytes)),
            ],
            PmpCourtesy = options.Bios.Kind == BiosKind.None && !options.StrictPmp,
            ScheduleSeed = options.QuantumSeed,
            Kernel = plan.Kernel,
            Firmware = plan.Firmware,
            ToHost = plan.Kernel?.ToHost,
            FromHost = plan.Kernel?.FromHost,
            ResetEndsRun = options.NoReboot,
            InputIsLive = options.Serial.Kind == SerialKind.Stdio,
            Notice = notice,
        };
    }

    private static BootPlan Plan(MachineOptions options, FileSource files, BootFile? kernel)
    {
        var boot = new BootOptions
        {
            MemorySizeBytes = options.MemoryBytes,
            HartCount = options.Harts,
            Firmware = FirmwarePath(options) is { } firmware
                ? ReadFile(files, "-bios", firmware, "check the path, or use -bios none")
                : null,
            Kernel = kernel,
            InitialRamDisk = ReadInitialRamDisk(files, options),
            DeviceTree = ReadFile(files, "-dtb", options.DtbPath, "check the path"),
            CommandLine = options.Append ?? "",
            RngSeed = Machine.RngSeed.Expand(options.RngSeed),
        };
        return BootPlan.TryCreate(boot, out var plan, out var error) ? plan : throw new UsageException(error.Message);
    }

    private static bool TakesTheFirmwaresPlace(BootFile? kernel) =>
        kernel is not null && ElfFile.TryParse(kernel.Contents, out var elf, out _) && elf.LowestAddress == MemoryMap.Ram.Base;

    /// <summary>As QEMU, a name that is not a path is looked for in the folders of -L too.</summary>
    private static string? FirmwarePath(MachineOptions options)
    {
        switch (options.Bios.Kind)
        {
            case BiosKind.None:
                return null;
            case BiosKind.Default:
                var places = options.FirmwareDirectories.SelectMany(static directory => (string[])
                [
                    Path.Join(directory, "opensbi-riscv64-generic-fw_dynamic.bin"),
                    Path.Join(directory, "fw_dynamic.bin"),
                ]);
                return Firmware.FirstOf(places) ?? Firmware.FindDefault() ?? throw new UsageException(Firmware.NotFound);
            default:
                string name = options.Bios.Path!;
                return File.Exists(name) || name.Contains('/')
                    ? name
                    : Firmware.FirstOf(options.FirmwareDirectories.Select(directory => Path.Join(directory, name))) ?? name;
        }
    }

    private static BootFile? ReadFile(FileSource files, string option, string? path, string remedy) =>
        path is null ? null : Loaded(files, option, path, Read(option, path, remedy));

    private static BootFile Loaded(FileSource files, string option, string path, byte[] contents)
    {
        files.Loaded(option, path, contents);
        return new BootFile($"{option}: {path}", contents);
    }

    /// <summary>One that can't fit is refused before it is read.</summary>
    private static BootFile? ReadInitialRamDisk(FileSource files, MachineOptions options) =>
        options.InitrdPath is not { } path
            ? null
            : Loaded(
                files,
                "-initrd",
                path,
                Read(
                    "-initrd",
                    path,
                    "check the path",
                    Math.Min(options.MemoryBytes, int.MaxValue),
                    ": give the machine more memory with -m"));

    /// <summary>Reads a whole file.</summary>
    /// <param name="option">Named in complaints.</param>
    /// <param name="path">The file.</param>
    /// <param name="remedy">What to do if it is not there.</param>
    /// <param name="mostBytes">The most that is of use.</param>
    /// <param name="advice">What to do if there is more, after a semicolon.</param>
    public static byte[] Read(
        string option, string path, string remedy, ulong mostBytes = int.MaxValue, string advice = "; is it the right file?")
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
            switch (HostFile.Length(path))
            {
                case 0:
                    return [];
                case { } length when (ulong)length > mostBytes:
                    throw new UsageException(
                        $"{option}: {path}: {length >> 20} MiB is more than can be loaded ({mostBytes >> 20} MiB){advice}");
                default:
                    return File.ReadAllBytes(path);
            }
        }
        catch (NotSupportedException e)
        {
            throw new UsageException($"{option}: {path}: is a pipe or a device; copy it to a file first", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"{option}: {path}: no such file ({remedy})", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UsageException($"{option}: {path}: no permission to read it; check the file's mode and owner", e);
        }
        catch (Exception e) when (e is IOException or ArgumentException or OutOfMemoryException)
        {
            throw new UsageException($"{option}: {path}: can't be read: {HostError.Reason(e)}", e);
        }
    }

    private static Dictionary<int, IBlockBackend> OpenDisks(MachineOptions options, FileSource files)
    {
        var backends = new Dictionary<string, IBlockBackend>();
        foreach (var drive in options.Drives)
        {
            try
            {
                backends[drive.Id] = files.OpenDisk(drive);
            }
            catch (BlockImageException e)
            {
                throw new UsageException($"-drive: {e.Message}", e);
            }
        }

        return options.VirtioDisks.ToDictionary(static disk => disk.Slot, disk => backends[disk.DriveId]);
    }
}
