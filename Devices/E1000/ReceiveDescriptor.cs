using System.Buffers.Binary;

namespace RiscvXv6.Devices.E1000;

/// <summary>The 16 bytes of a receive descriptor (SDM "Receive Descriptor Format").</summary>
/// <param name="Address">Where the guest wants the data; any alignment, any value.</param>
/// <param name="Fields">Length 15:0, packet checksum 31:16, status 39:32, errors 47:40, special 63:48.</param>
public readonly record struct ReceiveDescriptor(ulong Address, ulong Fields)
{
    public const int SizeBytes = 16;

    private const int StatusShift = 32;

    public int LengthBytes => (ushort)Fields;

    public byte Status => (byte)(Fields >> StatusShift);

    /// <summary>SDM "Null Descriptor Padding": no data is stored through it.</summary>
    public bool IsNull => Address == 0;

    /// <summary>Reads the first 16 bytes, which must be there.</summary>
    public static ReceiveDescriptor Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));

    /// <summary>Writes 16 bytes, for which there must be room.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Address);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], Fields);
    }

    /// <summary>SDM "Null Descriptor Padding": DD is set and nothing else changes.</summary>
    public ReceiveDescriptor SkippedAsNull() =>
        this with { Fields = Fields | (ulong)ReceiveStatus.DescriptorDone << StatusShift };

    /// <summary>The descriptor of a buffer that a frame fills and goes beyond.</summary>
    public ReceiveDescriptor Filled(int lengthBytes) =>
        this with { Fields = (ushort)lengthBytes | (ulong)ReceiveStatus.DescriptorDone << StatusShift };

    /// <summary>The descriptor of the buffer in which a frame ends.</summary>
    public ReceiveDescriptor Ended(int lengthBytes, in ReceivedPacket packet) => this with
    {
        Fields = (ushort)lengthBytes
            | (ulong)packet.Checksum << 16
            | (ulong)(byte)(packet.Status | ReceiveStatus.EndOfPacket | ReceiveStatus.DescriptorDone) << StatusShift
            | (ulong)packet.Errors << 40
            | (ulong)packet.VlanTag << 48,
    };
}
