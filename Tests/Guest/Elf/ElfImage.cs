using System.Buffers.Binary;
using System.Text;

namespace RiscvXv6.Tests.Guest.Elf;

/// <summary>
/// Lays out an ELF64 executable by hand, field by field from the specification, so that a test can spoil any of them.
/// </summary>
internal sealed class ElfImage
{
    public const int ProgramHeaders = 64;
    public const int ProgramHeaderBytes = 56;

    private readonly List<(ulong Virtual, ulong Physical, byte[] Data, ulong MemorySize)> _segments = [];
    private readonly List<(string Name, ulong Value, ulong Size, byte Info, ushort Section)> _symbols = [];
    private readonly List<(string Name, byte[] Data)> _sections = [];

    public ulong Entry { get; init; } = 0x8000_0000;

    public ElfImage Segment(ulong address, byte[] data, ulong? memorySize = null, ulong? physical = null)
    {
        _segments.Add((address, physical ?? address, data, memorySize ?? (ulong)data.Length));
        return this;
    }

    // info: binding in the high half, type in the low; 0x12 is a global function.
    public ElfImage Symbol(string name, ulong value, ulong size = 0, byte info = 0x12, ushort section = 1)
    {
        _symbols.Add((name, value, size, info, section));
        return this;
    }

    /// <summary>Adds a section that is not loaded.</summary>
    public ElfImage Section(string name, byte[] data)
    {
        _sections.Add((name, data));
        return this;
    }

    /// <summary>The smallest useful file: one segment of eight bytes at 0x80000000.</summary>
    public static ElfImage Small() => new ElfImage().Segment(0x8000_0000, [1, 2, 3, 4, 5, 6, 7, 8], 16);

    public byte[] Build()
    {
        var image = new List<byte>(new byte[ProgramHeaders + _segments.Count * ProgramHeaderBytes]);
        var offsets = new List<int>();
        foreach (var segment in _segments)
        {
            offsets.Add(image.Count);
            image.AddRange(segment.Data);
        }

        int sections = _symbols.Count + _sections.Count == 0 ? 0 : AddSections(image);
        byte[] bytes = [.. image];
        WriteHeader(bytes, sections);
        for (int index = 0; index < _segments.Count; index++)
        {
            var (virtualAddress, physicalAddress, data, memorySize) = _segments[index];
            var header = bytes.AsSpan(ProgramHeaders + index * ProgramHeaderBytes);
            Put32(header, 0, 1);
            Put32(header, 4, 5);
            Put64(header, 8, (ulong)offsets[index]);
            Put64(header, 16, virtualAddress);
            Put64(header, 24, physicalAddress);
            Put64(header, 32, (ulong)data.Length);
            Put64(header, 40, memorySize);
            Put64(header, 48, 1);
        }

        return bytes;
    }

    public static void Put16(Span<byte> bytes, int offset, ushort value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[offset..], value);

    public static void Put32(Span<byte> bytes, int offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[offset..], value);

    public static void Put64(Span<byte> bytes, int offset, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[offset..], value);

    private void WriteHeader(Span<byte> bytes, int sections)
    {
        ReadOnlySpan<byte> identity = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        identity.CopyTo(bytes);
        Put16(bytes, 16, 2);
        Put16(bytes, 18, 243);
        Put32(bytes, 20, 1);
        Put64(bytes, 24, Entry);
        Put64(bytes, 32, ProgramHeaders);
        Put64(bytes, 40, (ulong)sections);
        Put16(bytes, 52, 64);
        Put16(bytes, 54, ProgramHeaderBytes);
        Put16(bytes, 56, (ushort)_segments.Count);
        Put16(bytes, 58, 64);
        Put16(bytes, 60, (ushort)(sections == 0 ? 0 : 5 + _sections.Count));
        Put16(bytes, 62, (ushort)(sections == 0 ? 0 : 4));
    }

    /// <summary>Sections: none, .text, .symtab, .strtab, .shstrtab, then those that were added.</summary>
    private int AddSections(List<byte> image)
    {
        var strings = new List<byte> { 0 };
        var table = new List<byte>(new byte[24]);
        foreach (var (name, value, size, info, section) in _symbols)
        {
            var entry = new byte[24];
            Put32(entry, 0, (uint)strings.Count);
            entry[4] = info;
            Put16(entry, 6, section);
            Put64(entry, 8, value);
            Put64(entry, 16, size);
            table.AddRange(entry);
            strings.AddRange(Encoding.UTF8.GetBytes(name));
            strings.Add(0);
        }

        List<byte> names = [.. "\0.text\0.symtab\0.strtab\0.shstrtab\0"u8];
        var others = new List<byte[]>();
        foreach (var (name, data) in _sections)
        {
            others.Add(Section((uint)names.Count, 1, 0, (ulong)image.Count, (ulong)data.Length, 0));
            names.AddRange(Encoding.UTF8.GetBytes(name));
            names.Add(0);
            image.AddRange(data);
        }

        int tableOffset = image.Count;
        image.AddRange(table);
        int stringsOffset = image.Count;
        image.AddRange(strings);
        int namesOffset = image.Count;
        image.AddRange(names);
        int sections = image.Count;
        var text = _segments[0];
        image.AddRange(new byte[64]);
        image.AddRange(Section(1, 1, text.Virtual, (ulong)(ProgramHeaders + _segments.Count * 56), (ulong)text.Data.Length, 0));
        image.AddRange(Section(7, 2, 0, (ulong)tableOffset, (ulong)table.Count, 3));
        image.AddRange(Section(15, 3, 0, (ulong)stringsOffset, (ulong)strings.Count, 0));
        image.AddRange(Section(23, 3, 0, (ulong)namesOffset, (ulong)names.Count, 0));
        others.ForEach(image.AddRange);
        return sections;
    }

    private static byte[] Section(uint name, uint type, ulong address, ulong offset, ulong size, uint link)
    {
        var header = new byte[64];
        Put32(header, 0, name);
        Put32(header, 4, type);
        Put64(header, 16, address);
        Put64(header, 24, offset);
        Put64(header, 32, size);
        Put32(header, 40, link);
        return header;
    }
}
