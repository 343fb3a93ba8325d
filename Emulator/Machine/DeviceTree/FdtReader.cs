using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using RiscvXv6.Devices.Bus;

namespace RiscvXv6.Emulator.Machine.DeviceTree;

/// <summary>
/// Reads a device tree blob that the user brings (<c>-dtb</c>), so that the command line can be put into it. The bytes are
/// untrusted: what is wrong with them is a value.
/// </summary>
internal ref struct FdtReader
{
    /// <summary>QEMU's limit, too.</summary>
    public const int LargestBlobBytes = 1 << 20;

    private const int DeepestNesting = 64;
    private const int LongestNameBytes = 255;

    private readonly ReadOnlySpan<byte> _blob;
    private readonly Dictionary<uint, string> _names = [];
    private ReadOnlySpan<byte> _structure;
    private ReadOnlySpan<byte> _strings;
    private int _position;

    private FdtReader(ReadOnlySpan<byte> blob) => _blob = blob;

    /// <param name="blob">The file.</param>
    /// <param name="tree">What it holds.</param>
    /// <param name="error">One line for a person, to be put after the file's name.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> blob, [NotNullWhen(true)] out FlatTree? tree, [NotNullWhen(false)] out string? error)
    {
        var reader = new FdtReader(blob);
        tree = null;
        error = reader.FindBlocks();
        if (error is not null)
        {
            return false;
        }

        if (reader.ReadReservations() is not { } reservations || reader.ReadRoot() is not { } root)
        {
            error = "is a damaged device tree; dtc -I dtb -O dts shows more";
            return false;
        }

        tree = new FlatTree(root, reservations, reader.HeaderField(7));
        return true;
    }

    private string? FindBlocks()
    {
        if (_blob.Length < FdtLayout.HeaderBytes || HeaderField(0) != FdtLayout.Magic)
        {
            return "is not a device tree blob; dtc -I dts -O dtb makes one";
        }

        if (_blob.Length > LargestBlobBytes || HeaderField(1) > _blob.Length)
        {
            return $"is cut off or too large: its header says {HeaderField(1)} bytes, the file has {_blob.Length}";
        }

        if (HeaderField(5) < FdtLayout.Version || HeaderField(6) > FdtLayout.Version)
        {
            return $"has device tree version {HeaderField(5)}; this machine reads version 17";
        }

        bool inside = TrySlice(HeaderField(2), HeaderField(9), out _structure)
            && TrySlice(HeaderField(3), HeaderField(8), out _strings);
        return inside ? null : "is a damaged device tree: a block lies outside the file";
    }

    private readonly AddressRange[]? ReadReservations()
    {
        var ranges = new List<AddressRange>();
        for (ulong offset = HeaderField(4); ; offset += FdtLayout.ReservationBytes)
        {
            if (!TrySlice(offset, FdtLayout.ReservationBytes, out var entry))
            {
                return null;
            }

            ulong address = BinaryPrimitives.ReadUInt64BigEndian(entry);
            ulong sizeBytes = BinaryPrimitives.ReadUInt64BigEndian(entry[sizeof(ulong)..]);
            if (address == 0 && sizeBytes == 0)
            {
                return [.. ranges];
            }

            ranges.Add(new AddressRange(address, sizeBytes));
        }
    }

    private DeviceTreeNode? ReadRoot()
    {
        if (NextToken() != FdtLayout.BeginNode || ReadNodeName() is not { Length: 0 })
        {
            return null;
        }

        var root = new DeviceTreeNode("");
        return TryReadBody(root, 0) && NextToken() == FdtLayout.End ? root : null;
    }

    /// <summary>Reads properties and children up to the node's end.</summary>
    private bool TryReadBody(DeviceTreeNode node, int depth)
    {
        for (; ; )
        {
            switch (NextToken())
            {
                case FdtLayout.Prop when TryReadProperty(node):
                    break;
                case FdtLayout.BeginNode when depth < DeepestNesting:
                    if (ReadNodeName() is not { Length: > 0 } name || !TryReadBody(node.Add(name), depth + 1))
                    {
                        return false;
                    }

                    break;
                case FdtLayout.EndNode:
                    return true;
                default:
                    return false;
            }
        }
    }

    private bool TryReadProperty(DeviceTreeNode node)
    {
        if (!TryReadCell(out uint length) || !TryReadCell(out uint nameOffset)
            || length > _structure.Length - _position || PropertyName(nameOffset) is not { } name)
        {
            return false;
        }

        node.Append(new DeviceTreeProperty(name, _structure.Slice(_position, (int)length).ToArray()));
        _position = FdtLayout.AlignCell(_position + (int)length);
        return true;
    }

    private readonly string? PropertyName(uint offset)
    {
        if (_names.TryGetValue(offset, out string? known))
        {
            return known;
        }

        if (offset >= _strings.Length || ReadText(_strings[(int)offset..]) is not { Length: > 0 } name)
        {
            return null;
        }

        _names.Add(offset, name);
        return name;
    }

    private string? ReadNodeName()
    {
        if (_position > _structure.Length || ReadText(_structure[_position..]) is not { } name)
        {
            return null;
        }

        _position = FdtLayout.AlignCell(_position + Encoding.Latin1.GetByteCount(name) + 1);
        return name;
    }

    /// <summary>A terminated string of ASCII, the only characters of names; null if it is none.</summary>
    private static string? ReadText(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, LongestNameBytes + 1)];
        int end = bytes.IndexOf((byte)0);
        return end >= 0 && Ascii.IsValid(bytes[..end]) ? Encoding.Latin1.GetString(bytes[..end]) : null;
    }

    private uint NextToken()
    {
        uint token;
        do
        {
            if (!TryReadCell(out token))
            {
                return 0;
            }
        }
        while (token == FdtLayout.Nop);

        return token;
    }

    private bool TryReadCell(out uint value)
    {
        value = 0;
        if (_position > _structure.Length - sizeof(uint))
        {
            return false;
        }

        value = BinaryPrimitives.ReadUInt32BigEndian(_structure[_position..]);
        _position += sizeof(uint);
        return true;
    }

    private readonly uint HeaderField(int index) => BinaryPrimitives.ReadUInt32BigEndian(_blob[(index * sizeof(uint))..]);

    private readonly bool TrySlice(ulong offset, uint length, out ReadOnlySpan<byte> slice)
    {
        bool inside = offset <= (ulong)_blob.Length && length <= (ulong)_blob.Length - offset;
        slice = inside ? _blob.Slice((int)offset, (int)length) : default;
        return inside;
    }
}
