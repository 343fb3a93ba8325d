using System.Buffers.Binary;
using System.Text;
using RiscvXv6.Devices.Bus;

namespace RiscvXv6.Emulator.Machine.DeviceTree;

/// <summary>
/// Flattens a tree into the blob that a kernel reads (DT "Flattened Devicetree (DTB) Format", version 17): header,
/// memory reservations, structure, strings. Each property name stands in the strings once.
/// </summary>
internal sealed class FdtWriter
{
    private readonly List<byte> _structure = [];
    private readonly List<byte> _strings = [];
    private readonly Dictionary<string, uint> _stringOffsets = [];

    private FdtWriter()
    {
    }

    /// <param name="root">The tree.</param>
    /// <param name="reservations">Memory that the kernel must leave alone.</param>
    /// <param name="bootHart">The header's <c>boot_cpuid_phys</c>.</param>
    public static byte[] Write(
        DeviceTreeNode root, ReadOnlySpan<AddressRange> reservations = default, uint bootHart = 0)
    {
        var writer = new FdtWriter();
        writer.WriteNode(root);
        writer.WriteCell(FdtLayout.End);
        return writer.Assemble(reservations, bootHart);
    }

    private void WriteNode(DeviceTreeNode node)
    {
        WriteCell(FdtLayout.BeginNode);
        _structure.AddRange(Encoding.UTF8.GetBytes(node.Name));
        _structure.Add(0);
        Pad();
        foreach (var property in node.Properties)
        {
            WriteCell(FdtLayout.Prop);
            WriteCell((uint)property.Value.Length);
            WriteCell(StringOffset(property.Name));
            _structure.AddRange(property.Value);
            Pad();
        }

        foreach (var child in node.Children)
        {
            WriteNode(child);
        }

        WriteCell(FdtLayout.EndNode);
    }

    private uint StringOffset(string name)
    {
        if (!_stringOffsets.TryGetValue(name, out uint offset))
        {
            offset = (uint)_strings.Count;
            _stringOffsets.Add(name, offset);
            _strings.AddRange(Encoding.UTF8.GetBytes(name));
            _strings.Add(0);
        }

        return offset;
    }

    private void WriteCell(uint value)
    {
        Span<byte> cell = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(cell, value);
        _structure.AddRange(cell);
    }

    private void Pad()
    {
        while (_structure.Count != FdtLayout.AlignCell(_structure.Count))
        {
            _structure.Add(0);
        }
    }

    private byte[] Assemble(ReadOnlySpan<AddressRange> reservations, uint bootHart)
    {
        // The list of reservations ends with an entry of zeros.
        int reservationBytes = (reservations.Length + 1) * FdtLayout.ReservationBytes;
        int structureOffset = FdtLayout.HeaderBytes + reservationBytes;
        int stringsOffset = structureOffset + _structure.Count;
        var blob = new byte[FdtLayout.AlignCell(stringsOffset + _strings.Count)];
        ReadOnlySpan<uint> header =
        [
            FdtLayout.Magic, (uint)blob.Length, (uint)structureOffset, (uint)stringsOffset, FdtLayout.HeaderBytes,
            FdtLayout.Version, FdtLayout.LastCompatibleVersion, bootHart, (uint)_strings.Count, (uint)_structure.Count,
        ];
        for (int index = 0; index < header.Length; index++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(index * sizeof(uint)), header[index]);
        }

        for (int index = 0; index < reservations.Length; index++)
        {
            var entry = blob.AsSpan(FdtLayout.HeaderBytes + index * FdtLayout.ReservationBytes);
            BinaryPrimitives.WriteUInt64BigEndian(entry, reservations[index].Base);
            BinaryPrimitives.WriteUInt64BigEndian(entry[sizeof(ulong)..], reservations[index].SizeBytes);
        }

        _structure.CopyTo(blob, structureOffset);
        _strings.CopyTo(blob, stringsOffset);
        return blob;
    }
}
