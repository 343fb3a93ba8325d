using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Emulator.Cpu.Isa;
using RiscvXv6.Emulator.Machine.DeviceTree;
using RiscvXv6.Guest.Elf;

namespace RiscvXv6.Emulator.Machine;

/// <summary>Makes one <see cref="BootPlan"/>: places the images in order, then checks them against each other.</summary>
internal sealed class BootPlanner
{
    private const ulong MiB = 1 << 20;

    /// <summary>A megapage of Sv39: kernels map themselves and their device tree with these.</summary>
    private const ulong Megapage = 2 * MiB;

    private const ulong FarthestRamDisk = 128 * MiB;

    /// <summary>The device tree stays below 3 GiB, where every stage of the boot can reach it.</summary>
    private const ulong DeviceTreeCeiling = 3072 * MiB;

    private const string MoreMemory = "give the machine more memory with -m";

    private readonly BootOptions _options;
    private readonly AddressRange _ram;
    private readonly List<BootImage> _images = [];
    private readonly List<string> _notices = [];
    private BootError? _error;
    private ElfFile? _kernel;
    private ElfFile? _firmware;
    private ulong _kernelStart;

    public BootPlanner(BootOptions options)
    {
        _options = options;
        _ram = MemoryMap.RamRange(options.MemorySizeBytes);
    }

    private static ulong StartAddress => MemoryMap.Ram.Base;

    public bool TryPlan([NotNullWhen(true)] out BootPlan? plan, [NotNullWhen(false)] out BootError? error)
    {
        plan = null;
        ulong deviceTreeAddress = 0;
        if (CheckOptions() && PlaceFirmware(out ulong firmwareEnd) && PlaceKernel(firmwareEnd)
            && PlaceRamDisk(out var ramDisk) && PlaceDeviceTree(ramDisk, out deviceTreeAddress) && CheckOverlaps())
        {
            var rom = new BootRom(StartAddress, deviceTreeAddress, _kernelStart);
            plan = new BootPlan(rom, _images, _kernel, _firmware, _notices);
        }

        error = _error;
        return plan is not null;
    }

    private bool CheckOptions()
    {
        if (_options.MemorySizeBytes == 0 || _options.MemorySizeBytes % GuestMemory.PageSizeBytes != 0)
        {
            return Reject($"{_options.MemorySizeBytes} bytes of memory are not a multiple of 4 KiB: round the size given with -m");
        }

        if (_options is { Firmware: null, Kernel: null })
        {
            return Reject("there is nothing to run: give a kernel with -kernel, or firmware with -bios");
        }

        if (_options is { Kernel: null, InitialRamDisk: not null })
        {
            return Reject("an initial RAM disk needs a kernel that reads it: give one with -kernel");
        }

        return _options.Kernel is not null || _options.CommandLine.Length == 0
            || Reject("a kernel command line needs a kernel that reads it: give one with -kernel");
    }

    private bool PlaceFirmware(out ulong end)
    {
        end = StartAddress;
        if (_options.Firmware is not { } file)
        {
            return true;
        }

        if (ElfFile.HasMagic(file.Contents.Span))
        {
            if (!PlaceElf(BootImageRole.Firmware, file, out var elf))
            {
                return false;
            }

            _firmware = elf;
            end = elf.LastAddress + 1;
            return true;
        }

        end += (ulong)file.Contents.Length;
        return CheckRaw(file) && PlaceRaw(BootImageRole.Firmware, file, StartAddress, 0);
    }

    private bool PlaceKernel(ulong firmwareEnd)
    {
        if (_options.Kernel is not { } given)
        {
            return true;
        }

        if (Unpack(given) is not { } file)
        {
            return false;
        }

        if (ElfFile.HasMagic(file.Contents.Span))
        {
            if (!PlaceElf(BootImageRole.Kernel, file, out _kernel))
            {
                return false;
            }

            _kernelStart = _kernel.LowestAddress;
            return true;
        }

        _kernelStart = (firmwareEnd + Megapage - 1) & ~(Megapage - 1);
        bool isLinux = LinuxImage.TryParse(file.Contents.Span, out var header);
        if (!isLinux && !CheckRaw(file))
        {
            return false;
        }

        if (header.IsBigEndian)
        {
            return Reject($"{file.Name}: is a big-endian Linux Image; this machine is little-endian");
        }

        if (_options.Firmware is null)
        {
            _notices.Add(isLinux
                ? $"{file.Name} is a Linux Image, which expects firmware below it: boot it with -bios default"
                : $"{file.Name} is not an ELF file; it runs as a raw binary at 0x{_kernelStart:x}");
        }

        return PlaceRaw(BootImageRole.Kernel, file, _kernelStart, header.ImageSizeBytes);
    }

    private BootFile? Unpack(BootFile file)
    {
        if (!GzipImage.HasMagic(file.Contents.Span))
        {
            return file;
        }

        int limit = (int)Math.Min(_options.MemorySizeBytes, (ulong)Array.MaxLength);
        if (GzipImage.TryUnpack(file.Contents, limit, out byte[]? unpacked, out string? error))
        {
            return file with { Contents = unpacked };
        }

        Reject($"{file.Name}: {error}");
        return null;
    }

    private bool PlaceRamDisk(out AddressRange? range)
    {
        range = null;
        if (_options.InitialRamDisk is not { } file)
        {
            return true;
        }

        if (file.Contents.IsEmpty)
        {
            return Reject($"{file.Name}: is empty; an initial RAM disk is a cpio archive");
        }

        // Far enough from the kernel that it can grow, and near enough that a large machine finds it in low memory.
        ulong address = _kernelStart + Math.Min(_options.MemorySizeBytes / 2, FarthestRamDisk);
        range = new AddressRange(address, (ulong)file.Contents.Length);
        return PlaceRaw(BootImageRole.InitialRamDisk, file, address, 0);
    }

    private bool PlaceDeviceTree(AddressRange? ramDisk, out ulong address)
    {
        address = 0;
        if (MakeDeviceTree(ramDisk) is not { } blob)
        {
            return false;
        }

        ulong ceiling = Math.Min(_ram.Base + _ram.SizeBytes, DeviceTreeCeiling);
        address = (ceiling - (ulong)blob.Length) & ~(Megapage - 1);
        if (!_ram.Contains(address, (ulong)blob.Length))
        {
            return Reject($"{DescribeRam()} has no room for the device tree ({blob.Length} bytes): {MoreMemory}");
        }

        _images.Add(new BootImage(
            BootImageRole.DeviceTree, "the device tree", new AddressRange(address, (ulong)blob.Length), blob));
        return true;
    }

    private byte[]? MakeDeviceTree(AddressRange? ramDisk)
    {
        var chosen = new ChosenNode
        {
            BootArguments = _options.CommandLine,
            InitialRamDisk = ramDisk,
            RngSeed = _options.RngSeed,
        };
        if (_options.DeviceTree is not { } file)
        {
            var board = new VirtBoard(_options.HartCount, _options.MemorySizeBytes) { Chosen = chosen };
            return FdtWriter.Write(VirtDeviceTree.Create(board));
        }

        if (!FdtReader.TryRead(file.Contents.Span, out var tree, out string? error))
        {
            Reject($"{file.Name}: {error}");
            return null;
        }

        chosen.ApplyTo(tree.Root);
        return FdtWriter.Write(tree.Root, tree.Reservations, tree.BootHart);
    }

    private bool PlaceElf(BootImageRole role, BootFile file, [NotNullWhen(true)] out ElfFile? elf)
    {
        if (!ElfFile.TryParse(file.Contents, out elf, out var error))
        {
            return Reject($"{file.Name}: {error.Message}");
        }

        foreach (var segment in elf.Segments)
        {
            var range = new AddressRange(segment.PhysicalAddress, segment.MemorySizeBytes);
            if (!Place(new BootImage(role, file.Name, range, segment.Data)))
            {
                return false;
            }
        }

        bool startsMachine = role == BootImageRole.Firmware || _options.Firmware is null;
        if (startsMachine && elf.Entry != StartAddress)
        {
            _notices.Add(
                $"{file.Name}: its entry point is 0x{elf.Entry:x}, but the machine starts at 0x{StartAddress:x}, as QEMU's does");
        }

        return true;
    }

    /// <summary>A raw binary says nothing about itself, but a machine jumps to its first bytes: they must be an instruction.</summary>
    private bool CheckRaw(BootFile file)
    {
        var image = file.Contents.Span;
        if (ForeignImage.Recognise(image) is { } reason)
        {
            return Reject($"{file.Name}: {reason}");
        }

        Span<byte> first = stackalloc byte[sizeof(uint)];
        first.Clear();
        image[..Math.Min(image.Length, first.Length)].CopyTo(first);
        return Decoder.Decode(BinaryPrimitives.ReadUInt32LittleEndian(first)).Operation != Operation.Illegal
            || Reject($"{file.Name}: is not an ELF file, nor code: its first bytes are no instruction; give the kernel's ELF file");
    }

    /// <param name="occupiedBytes">Memory that the image needs at least; its length if that is more.</param>
    private bool PlaceRaw(BootImageRole role, BootFile file, ulong address, ulong occupiedBytes)
    {
        var range = new AddressRange(address, Math.Max(occupiedBytes, (ulong)file.Contents.Length));
        return Place(new BootImage(role, file.Name, range, file.Contents));
    }

    private bool Place(BootImage image)
    {
        if (_ram.Contains(image.Range.Base, image.Range.SizeBytes))
        {
            _images.Add(image);
            return true;
        }

        string advice = image.Range.Base >= _ram.Base ? MoreMemory
            : image.Range.Overlaps(_ram) ? "its headers take up the page below; link it with -n, without them"
            : $"link it at 0x{_ram.Base:x} or above";
        ulong last = image.Range.Base + Math.Min(image.Range.SizeBytes - 1, ulong.MaxValue - image.Range.Base);
        return Reject($"{image.Name}: needs memory at 0x{image.Range.Base:x}-0x{last:x}, outside RAM ({_ram}): {advice}");
    }

    private bool CheckOverlaps()
    {
        _images.Sort(static (a, b) => a.Range.Base.CompareTo(b.Range.Base));
        for (int index = 1; index < _images.Count; index++)
        {
            var (low, high) = (_images[index - 1], _images[index]);
            if (low.Range.Overlaps(high.Range))
            {
                return Reject($"{low.Name} ({low.Range}) and {high.Name} ({high.Range}) overlap: {Advise(low, high)}");
            }
        }

        return true;
    }

    private string Advise(BootImage low, BootImage high)
    {
        if (low.Role <= BootImageRole.Kernel && high.Role <= BootImageRole.Kernel)
        {
            return $"link the kernel at 0x{StartAddress + Megapage:x} or above, or leave the firmware out with -bios none";
        }

        bool kernelMeetsRamDisk = low.Role == BootImageRole.Kernel && high.Role == BootImageRole.InitialRamDisk;
        bool memoryHelps = kernelMeetsRamDisk
            ? _options.MemorySizeBytes / 2 < FarthestRamDisk
            : _ram.Base + _ram.SizeBytes < DeviceTreeCeiling;
        return memoryHelps ? MoreMemory : "make the kernel or the initial RAM disk smaller";
    }

    private string DescribeRam() => $"RAM of {_options.MemorySizeBytes / 1024} KiB";

    private bool Reject(string message)
    {
        _error ??= new BootError(message);
        return false;
    }
}
