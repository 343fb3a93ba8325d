using RiscvXv6.Devices.Virtio;
using RiscvXv6.Guest.Elf;
using RiscvXv6.Guest.Symbols;
using RiscvXv6.Guest.Xv6Fs;

namespace RiscvXv6.Emulator.Diagnostics;

/// <summary>
/// The programs on a guest's disks, by name. They are read when they are asked for, without the guest noticing, and again when
/// something was written to a disk since; a disk of any bytes gives no program, and never an exception.
/// </summary>
/// <param name="disks">In the order in which they are searched.</param>
/// <param name="writes">How often anything was written to any of them.</param>
internal sealed class UserPrograms(IReadOnlyList<IBlockBackend> disks, Func<ulong> writes)
{
    /// <summary>The largest file of xv6 is 268 KiB; of the exercise on large files, 64 MiB, but no program is that big.</summary>
    private const int LargestProgramBytes = 4 << 20;

    /// <summary>A guest that invents names must not fill the host's memory.</summary>
    private const int MostKept = 64;

    private const int SectorsPerBlock = FsFormat.BlockBytes / IBlockBackend.SectorSizeBytes;

    private static readonly string[] s_folders = ["", "bin/"];
    private static readonly int[] s_directBlocks = [FsFormat.DirectBlocks, FsFormat.DirectBlocks - 1];

    private readonly Dictionary<string, Entry> _kept = [];

    private sealed record Entry(ulong Writes, byte[]? Content, ProgramInfo? Program);

    /// <summary>The program of a name.</summary>
    /// <param name="name">"sh", "_sh" (as it is called before it is on a disk) or "/bin/sh".</param>
    public ProgramInfo? Find(string name)
    {
        name = name[(name.LastIndexOf('/') + 1)..];
        if (name.Length == 0)
        {
            return null;
        }

        ulong now = writes();
        if (_kept.TryGetValue(name, out var kept) && kept.Writes == now)
        {
            return kept.Program;
        }

        var (content, program) = Read(name, kept);
        if (_kept.Count >= MostKept)
        {
            _kept.Clear();
        }

        _kept[name] = new Entry(now, content, program);
        return program;
    }

    private (byte[]? Content, ProgramInfo? Program) Read(string name, Entry? kept)
    {
        string[] names = name.StartsWith('_') ? [name, name[1..]] : [name];
        foreach (var disk in disks)
        {
            var reader = new FsLiveReader((block, destination) => ReadBlock(disk, block, destination));
            foreach (string path in s_folders.SelectMany(folder => names.Select(each => folder + each)))
            {
                foreach (int directBlocks in s_directBlocks)
                {
                    if (!reader.TryRead(path, directBlocks, LargestProgramBytes, out byte[]? content))
                    {
                        continue;
                    }

                    if (kept?.Content is { } before && before.AsSpan().SequenceEqual(content))
                    {
                        return (before, kept.Program);
                    }

                    if (ElfFile.TryParse(content, out var file, out _))
                    {
                        return (content, new ProgramInfo(file));
                    }
                }
            }
        }

        return (null, null);
    }

    private static bool ReadBlock(IBlockBackend disk, uint block, Span<byte> destination)
    {
        ulong sector = (ulong)block * SectorsPerBlock;
        return sector + SectorsPerBlock <= disk.CapacitySectors && disk.Read(sector, destination);
    }
}
