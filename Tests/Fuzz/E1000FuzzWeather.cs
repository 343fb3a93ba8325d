using System.Buffers.Binary;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>Draws what a hostile guest and a hostile network send: descriptors, frames and register values.</summary>
internal sealed class E1000FuzzWeather(Random random, ulong ramBase, ulong ramBytes)
{
    private static readonly uint[] Special =
    [
        0, 1, 2, 0xffff_ffff, 0x5a5a_5a5a, 0xa5a5_a5a5, 0x8000_0000, 0x0400_8002, 0x0003_3fff, 0x80, 0xf_ff80, 0xffff, 15, 16, 127,
    ];

    /// <summary>A value for any register.</summary>
    public uint Value() => random.Next(5) switch
    {
        0 => Special[random.Next(Special.Length)],
        1 => 1u << random.Next(32),
        2 => (uint)random.Next(256),
        3 => (uint)(ramBase + (ulong)random.NextInt64((long)ramBytes)),
        _ => (uint)random.NextInt64(),
    };

    /// <summary>Mostly memory; now and then its ends, nothing, or nowhere.</summary>
    public ulong Address() => random.Next(16) switch
    {
        0 => 0,
        1 => (ulong)random.NextInt64(),
        2 => ramBase + ramBytes - (ulong)random.Next(1, 3_000),
        3 => ulong.MaxValue - (ulong)random.Next(5_000),
        4 => ramBase - (ulong)random.Next(1, 64),
        _ => ramBase + (ulong)random.NextInt64((long)ramBytes),
    };

    public void ReceiveDescriptor(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Address());
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], random.Next(2) == 0 ? 0 : random.NextInt64());
    }

    /// <summary>
    /// Legacy, context and data descriptors, sound ones among them, so that packets get as far as the wire.
    /// </summary>
    public void TransmitDescriptor(Span<byte> bytes)
    {
        ulong address = Address();
        ulong fields = (ulong)random.NextInt64();
        switch (random.Next(8))
        {
            case 0:
                break;
            case < 4:
                // Legacy, with EOP mostly.
                fields = Length() | (random.Next(8) == 0 ? 0x0aul : 0x0b) << 24 | (fields & 0xffff_00ff_00ff_0000);
                break;
            case 4:
                // A context for TCP or UDP; its first half has offsets, not an address.
                address = (ulong)random.NextInt64(64) | (ulong)random.NextInt64(64) << 8 | (ulong)random.NextInt64(200) << 16
                    | (ulong)random.NextInt64(64) << 32 | (ulong)random.NextInt64(64) << 40;
                fields = (ulong)random.NextInt64(1 << random.Next(1, 20)) | 1ul << 29 | (ulong)random.NextInt64(256) << 24
                    | (ulong)random.NextInt64(128) << 40 | (ulong)random.NextInt64(1, 2_000) << 48;
                fields &= ~(0xful << 20);
                break;
            default:
                // Data, of a segmentation or not.
                fields = Length() | 1ul << 20 | (0x2bul | (ulong)random.NextInt64(256) & 0xc4) << 24
                    | (ulong)random.NextInt64(4) << 40 | (ulong)random.NextInt64(65_536) << 48;
                break;
        }

        BinaryPrimitives.WriteUInt64LittleEndian(bytes, address);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], fields);
    }

    /// <summary>A frame from the wire, of any length, for the card or not.</summary>
    /// <param name="buffer">Takes it.</param>
    /// <param name="info">What is wrong with it.</param>
    /// <returns>Its length.</returns>
    public int Frame(Span<byte> buffer, out FrameInfo info)
    {
        int length = random.Next(16) switch
        {
            0 => random.Next(0, 14),
            1 => random.Next(1_500, 1_530),
            2 => random.Next(1_531, buffer.Length),
            < 6 => random.Next(14, 60),
            _ => random.Next(60, 400),
        };
        var frame = buffer[..length];
        random.NextBytes(frame[..Math.Min(length, 64)]);
        if (length >= 14)
        {
            Address(frame);
        }

        info = new FrameInfo(random.Next(6) == 0 ? (FrameFlags)random.Next(8) : FrameFlags.None);
        return length;
    }

    private void Address(Span<byte> frame)
    {
        switch (random.Next(6))
        {
            case 0:
                MacAddress.Broadcast.Write(frame);
                break;
            case 1:
                new MacAddress(0x0180_c200_0001).Write(frame);
                BinaryPrimitives.WriteUInt32BigEndian(frame[10..], 0x0000_8808);
                break;
            case < 5:
                E1000Options.DefaultMac.Write(frame);
                break;
        }

        ushort type = random.Next(6) switch
        {
            0 => 0x8100,
            1 => 0x86dd,
            2 => 0x8808,
            < 5 => 0x0800,
            _ => (ushort)random.Next(65_536),
        };
        BinaryPrimitives.WriteUInt16BigEndian(frame[12..], type);
    }

    private ulong Length() => (ulong)(random.Next(8) switch
    {
        0 => 0,
        1 => random.NextInt64(65_536),
        2 => random.NextInt64(1_400, 1_600),
        _ => random.NextInt64(1, 300),
    });
}
