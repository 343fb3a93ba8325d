using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace RiscvXv6.Guest.Elf;

/// <summary>
/// Makes an <see cref="ElfFile"/> of untrusted bytes. Each table is first proven to lie inside the file, so that no count in
/// it can ask for more memory than a small multiple of the file's size.
/// </summary>
internal ref struct ElfParser(ReadOnlyMemory<byte> image)
{
    private readonly ReadOnlyMemory<byte> _image = image;
    private readonly ReadOnlySpan<byte> _bytes = image.Span;
    private ElfError? _error;

    public bool TryParse([NotNullWhen(true)] out ElfFile? file, [NotNullWhen(false)] out ElfError? error)
    {
        file = null;
        if (CheckIdentity() && CheckHeader()
            && ReadSegments() is { } segments
            && new ElfSectionReader(_image).TryRead(out var sections, out var symbols, out _error))
        {
            file = new ElfFile(ReadUInt64(24), segments, sections, symbols);
        }

        error = _error;
        return file is not null;
    }

    private bool CheckIdentity()
    {
        if (!ElfFile.HasMagic(_bytes))
        {
            return Reject(ElfErrorKind.NotElf, "is not an ELF file");
        }

        if (_bytes.Length < ElfLayout.HeaderBytes)
        {
            return Reject(ElfErrorKind.Truncated, $"is cut off inside the ELF header ({_bytes.Length} bytes)");
        }

        const int class64 = 2, littleEndian = 1, currentVersion = 1;
        if (_bytes[5] != littleEndian)
        {
            return Reject(ElfErrorKind.WrongArchitecture, "is a big-endian ELF file; this machine is little-endian");
        }

        // Before the class, since "is for Arm" says more than "is 32-bit".
        ushort machine = ReadUInt16(18);
        if (machine != ElfLayout.MachineRiscV)
        {
            string name = ElfLayout.MachineName(machine);
            return Reject(ElfErrorKind.WrongArchitecture, $"is for {name}, not for RISC-V; build it with a riscv64 compiler");
        }

        if (_bytes[4] != class64)
        {
            return Reject(ElfErrorKind.WrongArchitecture, "is a 32-bit ELF file; this machine runs 64-bit RISC-V (rv64)");
        }

        return _bytes[6] == currentVersion && ReadUInt32(20) == currentVersion
            || Reject(ElfErrorKind.Malformed, "has an unknown ELF version");
    }

    private bool CheckHeader()
    {
        // ELF "e_type". A position-independent program that is linked at its load address (OpenSBI's) is DYN.
        const ushort relocatable = 1, executable = 2, sharedObject = 3, core = 4;
        switch (ReadUInt16(16))
        {
            case executable or sharedObject:
                return true;
            case relocatable:
                return Reject(ElfErrorKind.NotExecutable, "is an object file (.o), not a linked executable");
            case core:
                return Reject(ElfErrorKind.NotExecutable, "is a core dump, not an executable");
            default:
                return Reject(ElfErrorKind.NotExecutable, "is an ELF file of an unknown type, not an executable");
        }
    }

    private ElfSegment[]? ReadSegments()
    {
        ulong offset = ReadUInt64(32);
        ushort entrySize = ReadUInt16(54), count = ReadUInt16(56);
        if (count == 0)
        {
            Reject(ElfErrorKind.NothingToLoad, "has no program headers, so there is nothing to load");
            return null;
        }

        if (count == ElfLayout.ProgramHeaderEscape || entrySize != ElfLayout.ProgramHeaderBytes)
        {
            Reject(ElfErrorKind.Malformed, $"has a program header table of {count} entries of {entrySize} bytes");
            return null;
        }

        if (!IsInside(offset, (ulong)count * entrySize))
        {
            Reject(ElfErrorKind.Truncated, $"has its program header table outside the file ({_bytes.Length} bytes)");
            return null;
        }

        var segments = new List<ElfSegment>();
        for (int index = 0; index < count; index++)
        {
            if (!ReadSegment((int)offset + index * entrySize, index, segments))
            {
                return null;
            }
        }

        if (segments.Count == 0)
        {
            Reject(ElfErrorKind.NothingToLoad, "has no segment to load");
            return null;
        }

        return CheckOverlap(segments) ? [.. segments] : null;
    }

    private bool ReadSegment(int header, int index, List<ElfSegment> segments)
    {
        if (ReadUInt32(header) != ElfLayout.TypeLoad)
        {
            return true;
        }

        ulong offset = ReadUInt64(header + 8), virtualAddress = ReadUInt64(header + 16);
        ulong physicalAddress = ReadUInt64(header + 24);
        ulong fileSize = ReadUInt64(header + 32), memorySize = ReadUInt64(header + 40);
        if (fileSize > memorySize)
        {
            return Reject(
                ElfErrorKind.Malformed,
                $"has more file (0x{fileSize:x} bytes) than memory (0x{memorySize:x} bytes) in segment {index}");
        }

        if (memorySize == 0)
        {
            return true;
        }

        if (!IsInside(offset, fileSize))
        {
            return Reject(
                ElfErrorKind.Truncated,
                $"is cut off: segment {index} needs bytes 0x{offset:x}+0x{fileSize:x} of 0x{_bytes.Length:x}");
        }

        if (Wraps(virtualAddress, memorySize) || Wraps(physicalAddress, memorySize))
        {
            return Reject(ElfErrorKind.Malformed, $"has a segment {index} that wraps past the end of the address space");
        }

        segments.Add(new ElfSegment(
            virtualAddress,
            physicalAddress,
            _image.Slice((int)offset, (int)fileSize),
            memorySize,
            (ElfSegmentAccess)(ReadUInt32(header + 4) & 7)));
        return true;
    }

    private bool CheckOverlap(List<ElfSegment> segments)
    {
        ElfSegment? below = null;
        foreach (var segment in segments.OrderBy(static segment => segment.PhysicalAddress))
        {
            if (below is not null && segment.PhysicalAddress <= below.LastPhysicalAddress)
            {
                return Reject(
                    ElfErrorKind.Malformed,
                    $"has segments that overlap in physical memory at 0x{segment.PhysicalAddress:x}");
            }

            below = segment;
        }

        return true;
    }

    private static bool Wraps(ulong address, ulong sizeBytes) => address + (sizeBytes - 1) < address;

    private readonly bool IsInside(ulong offset, ulong sizeBytes) =>
        offset <= (ulong)_bytes.Length && sizeBytes <= (ulong)_bytes.Length - offset;

    private readonly ushort ReadUInt16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes[offset..]);

    private readonly uint ReadUInt32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes[offset..]);

    private readonly ulong ReadUInt64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes[offset..]);

    private bool Reject(ElfErrorKind kind, string message)
    {
        _error = new ElfError(kind, message);
        return false;
    }
}
