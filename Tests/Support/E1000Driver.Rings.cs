using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Memory;

namespace RiscvXv6.Tests.Support;

/// <summary>
/// The rings, as SDM "Receive Descriptor Format" and "Legacy Transmit Descriptor Format" lay them out.
/// </summary>
internal sealed partial class E1000Driver
{
    public const int DescriptorBytes = 16;

    /// <summary>Bytes of a transmit buffer; each descriptor has one.</summary>
    public const int TransmitBufferBytes = 0x4000;

    // Commands and status of the legacy transmit descriptor.
    public const byte EndOfPacket = 1 << 0;
    public const byte InsertFcs = 1 << 1;
    public const byte ReportStatus = 1 << 3;
    public const byte InterruptDelay = 1 << 7;
    public const byte Done = 1 << 0;

    // RCTL: EN, BAM, SECRC; TCTL: EN, PSP, CT 0x10, COLD 0x40.
    public const uint ReceiveControl = 1u << 1 | 1u << 15 | 1u << 26;
    public const uint TransmitControl = 1u << 1 | 1u << 3 | 0x10u << 4 | 0x40u << 12;
    public const uint InterPacketGap = 8 | 8u << 10 | 6u << 20;

    /// <summary>Entries of the transmit ring, once it is set up.</summary>
    public int TransmitCount { get; private set; }

    /// <summary>Entries of the receive ring, once it is set up.</summary>
    public int ReceiveCount { get; private set; }

    /// <summary>The next entry that <see cref="Send"/> fills.</summary>
    public int TransmitTail { get; private set; }

    /// <summary>The next entry that <see cref="TakeReceived"/> looks at.</summary>
    public int ReceiveNext { get; private set; }

    public void SetUpTransmit(int count = 16, uint control = TransmitControl)
    {
        TransmitCount = count;
        TransmitTail = 0;
        Clear(TransmitRing, count);
        Write(E1000Register.Tdbal, (uint)TransmitRing);
        Write(E1000Register.Tdbah, 0);
        Write(E1000Register.Tdlen, (uint)(count * DescriptorBytes));
        Write(E1000Register.Tdh, 0);
        Write(E1000Register.Tdt, 0);
        Write(E1000Register.Tipg, InterPacketGap);
        Write(E1000Register.Tctl, control);
    }

    public void SetUpReceive(int count = 16, uint control = ReceiveControl, int bufferBytes = 2048)
    {
        ReceiveCount = count;
        ReceiveNext = 0;
        Clear(ReceiveRing, count);
        for (int index = 0; index < count; index++)
        {
            Memory.TryWriteUInt64(ReceiveDescriptor(index), ReceiveBuffers + (ulong)(index * bufferBytes));
        }

        Write(E1000Register.Rdbal, (uint)ReceiveRing);
        Write(E1000Register.Rdbah, 0);
        Write(E1000Register.Rdlen, (uint)(count * DescriptorBytes));
        Write(E1000Register.Rdh, 0);
        Write(E1000Register.Rdt, (uint)(count - 1));
        Write(E1000Register.Rctl, control);
    }

    public static ulong TransmitDescriptor(int index) => TransmitRing + (ulong)(index * DescriptorBytes);

    public static ulong ReceiveDescriptor(int index) => ReceiveRing + (ulong)(index * DescriptorBytes);

    /// <summary>Fills the next transmit descriptor and its buffer, and does not tell the card.</summary>
    /// <returns>The descriptor's index.</returns>
    public int Queue(ReadOnlySpan<byte> frame, byte command = EndOfPacket | InsertFcs | ReportStatus)
    {
        int index = TransmitTail;
        ulong buffer = TransmitBuffers + (ulong)(index % 64 * TransmitBufferBytes);
        Memory.TryWrite(buffer, frame);
        Memory.TryWriteUInt64(TransmitDescriptor(index), buffer);
        Memory.TryWriteUInt64(TransmitDescriptor(index) + 8, (uint)frame.Length | (uint)command << 24);
        TransmitTail = (TransmitTail + 1) % TransmitCount;
        return index;
    }

    /// <summary>Tells the card of what was queued.</summary>
    public void RingTransmit() => Write(E1000Register.Tdt, (uint)TransmitTail);

    /// <summary>Queues a frame and tells the card.</summary>
    public int Send(ReadOnlySpan<byte> frame, byte command = EndOfPacket | InsertFcs | ReportStatus)
    {
        int index = Queue(frame, command);
        RingTransmit();
        return index;
    }

    public bool IsSent(int index) => (ReadByte(TransmitDescriptor(index) + 12) & Done) != 0;

    public bool IsReceived(int index) => (ReadByte(ReceiveDescriptor(index) + 12) & Done) != 0;

    /// <summary>The next received frame, or null; its descriptor goes back to the card.</summary>
    public byte[]? TakeReceived()
    {
        ulong descriptor = ReceiveDescriptor(ReceiveNext);
        if ((ReadByte(descriptor + 12) & Done) == 0)
        {
            return null;
        }

        Memory.TryReadUInt64(descriptor, out ulong buffer);
        Memory.TryReadUInt16(descriptor + 8, out ushort length);
        byte[] frame = new byte[length];
        Memory.TryRead(buffer, frame);
        Memory.TryWriteUInt64(descriptor + 8, 0);
        Write(E1000Register.Rdt, (uint)ReceiveNext);
        ReceiveNext = (ReceiveNext + 1) % ReceiveCount;
        return frame;
    }

    /// <summary>A frame of a length, to an address, with a pattern that tells it from others.</summary>
    /// <param name="lengthBytes">Without frame check sequence, at least 14.</param>
    /// <param name="seed">The pattern.</param>
    /// <param name="destination">48 bits; the card's own by default.</param>
    public static byte[] Frame(int lengthBytes, int seed = 1, ulong destination = 0x5254_0012_3456)
    {
        byte[] frame = new byte[lengthBytes];
        for (int i = 0; i < 6; i++)
        {
            frame[i] = (byte)(destination >> (40 - 8 * i));
        }

        frame[6] = 0x02;
        frame[12] = 0x88;
        frame[13] = 0xb5;
        for (int i = 14; i < lengthBytes; i++)
        {
            frame[i] = (byte)(seed * 31 + i * 7);
        }

        return frame;
    }

    private byte ReadByte(ulong address)
    {
        Span<byte> value = stackalloc byte[1];
        Memory.TryRead(address, value);
        return value[0];
    }

    private void Clear(ulong ring, int count) => Memory.TryWrite(ring, new byte[count * DescriptorBytes]);
}
