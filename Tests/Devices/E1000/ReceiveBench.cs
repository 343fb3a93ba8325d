using System.Buffers.Binary;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// A card with memory, and a driver that plays the guest's part of receiving through registers and rings, as the
/// manual describes it.
/// </summary>
internal sealed class ReceiveBench : IDisposable
{
    public const ulong RamBase = 0x8000_0000;
    public const ulong RamBytes = 0x40_0000;
    public const ulong RingBase = RamBase + 0x1000;
    public const ulong BufferBase = RamBase + 0x2_0000;
    public const int BufferStride = 0x4000;

    public const uint Enable = 1u << 1;
    public const uint StoreBad = 1u << 2;
    public const uint UnicastPromiscuous = 1u << 3;
    public const uint MulticastPromiscuous = 1u << 4;
    public const uint LongPackets = 1u << 5;
    public const uint Broadcast = 1u << 15;
    public const uint StripCrc = 1u << 26;

    /// <summary>What xv6 writes: on, broadcasts, 2048-byte buffers, no check sequences.</summary>
    public const uint UsualControl = Enable | Broadcast | StripCrc;

    public const byte Done = 1;
    public const byte EndOfPacket = 2;

    private const int DescriptorBytes = 16;

    private readonly ulong _ringBase;
    private int _next;

    public ReceiveBench(
        E1000Options? options = null, int megahertz = 1000, ulong ringBase = RingBase, GuestMemory? ram = null)
    {
        _ringBase = ringBase;
        Clock = new GuestClock(megahertz);
        Scheduler = new EventScheduler(Clock);
        Ram = ram ?? new GuestMemory("ram", new AddressRange(RamBase, RamBytes), writable: true);
        Memory = new ObservedMemory(Ram, Clock);
        Backend = new RecordingBackend(Clock);
        Options = options ?? new E1000Options(E1000Options.DefaultMac);
        Card = new RiscvXv6.Devices.E1000.E1000("e1000", Options, Memory, Clock, Scheduler, Backend);
        IsBusMaster = true;
    }

    public GuestClock Clock { get; }

    public EventScheduler Scheduler { get; }

    public GuestMemory Ram { get; }

    public ObservedMemory Memory { get; }

    public RecordingBackend Backend { get; }

    public E1000Options Options { get; }

    public RiscvXv6.Devices.E1000.E1000 Card { get; }

    /// <summary>Descriptors of the ring that <see cref="StartReceiver"/> made.</summary>
    public int RingCount { get; private set; }

    public bool IsBusMaster
    {
        set => Card.Config.Write(4, 2, value ? 7u : 3u);
    }

    /// <summary>Index of the descriptor that the driver looks at next.</summary>
    public int NextToTake => _next;

    /// <summary>The level of INTA#.</summary>
    public bool IsInterrupting => Card.Config.InterruptLevel;

    public static byte[] Frame(int lengthBytes, MacAddress? destination = null, int seed = 1, ushort type = 0x88b5)
    {
        var frame = new byte[lengthBytes];
        new Random(seed).NextBytes(frame);
        (destination ?? E1000Options.DefaultMac).Write(frame);
        new MacAddress(0x5255_0a00_0202).Write(frame.AsSpan(6));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), type);
        return frame;
    }

    public uint Read(uint offset)
    {
        Card.ReadBar(0, offset, 4, out uint value);
        return value;
    }

    public void Write(uint offset, uint value) => Card.WriteBar(0, offset, 4, value);

    /// <summary>
    /// Makes a ring of empty descriptors with a buffer each, hands all but one over, and enables the receiver.
    /// </summary>
    public void StartReceiver(int descriptors = 16, uint control = UsualControl, int? handOver = null)
    {
        RingCount = descriptors;
        _next = 0;
        for (int index = 0; index < descriptors; index++)
        {
            PutDescriptor(index, BufferOf(index));
        }

        Write(E1000Offset.Rdbal, (uint)_ringBase);
        Write(E1000Offset.Rdbah, (uint)(_ringBase >> 32));
        Write(E1000Offset.Rdlen, (uint)descriptors * DescriptorBytes);
        Write(E1000Offset.Rdh, 0);
        Write(E1000Offset.Rdt, (uint)(handOver ?? descriptors - 1));
        Write(E1000Offset.Rctl, control);
    }

    /// <summary>Goes on with a ring that another bench made.</summary>
    public void Adopt(int descriptors) => RingCount = descriptors;

    public ulong BufferOf(int index) => BufferBase + (ulong)(index * BufferStride);

    public ulong DescriptorAddress(int index) => _ringBase + (ulong)(index * DescriptorBytes);

    public void PutDescriptor(int index, ulong address, ulong fields = 0)
    {
        Span<byte> bytes = stackalloc byte[DescriptorBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, address);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], fields);
        Require(Ram.TryWrite(DescriptorAddress(index), bytes));
    }

    /// <summary>The second half of a descriptor: length, checksum, status, errors, special.</summary>
    public ulong Fields(int index) => BinaryPrimitives.ReadUInt64LittleEndian(RamAt(DescriptorAddress(index) + 8, 8));

    public byte StatusOf(int index) => (byte)(Fields(index) >> 32);

    public byte[] RamAt(ulong address, int length)
    {
        var bytes = new byte[length];
        Require(Ram.TryRead(address, bytes));
        return bytes;
    }

    /// <summary>Puts a frame into the cable's queue.</summary>
    public void Deliver(byte[] frame, FrameFlags flags = FrameFlags.None) => Card.Receive(frame, new FrameInfo(flags));

    /// <summary>
    /// Takes the next frame whose descriptors are done, as a driver does, and hands its descriptors back; null if
    /// there is none.
    /// </summary>
    public ReceivedFrame? Take(bool handBack = true)
    {
        var bytes = new List<byte>();
        for (int count = 1; count <= RingCount; count++)
        {
            int index = (_next + count - 1) % RingCount;
            ulong fields = Fields(index);
            byte status = (byte)(fields >> 32);
            if ((status & Done) == 0)
            {
                return null;
            }

            ulong address = BinaryPrimitives.ReadUInt64LittleEndian(RamAt(DescriptorAddress(index), 8));
            bytes.AddRange(address == 0 ? [] : RamAt(address, (ushort)fields));
            if ((status & EndOfPacket) != 0)
            {
                HandBack(count, handBack);
                return new ReceivedFrame(
                    [.. bytes], status, (byte)(fields >> 40), (ushort)(fields >> 16), (ushort)(fields >> 48), count);
            }
        }

        return null;
    }

    public List<ReceivedFrame> TakeAll(bool handBack = true)
    {
        var frames = new List<ReceivedFrame>();
        while (Take(handBack) is { } frame)
        {
            frames.Add(frame);
        }

        return frames;
    }

    /// <summary>Goes on for so many cycles, firing what falls due, each at its own.</summary>
    public void Run(ulong cycles) => RunTo(Clock.NowCycles + cycles);

    public void RunTo(ulong cycle)
    {
        Scheduler.RunDue();
        while (Scheduler.NextDeadlineCycles <= cycle)
        {
            Clock.AdvanceTo(Math.Max(Clock.NowCycles, Scheduler.NextDeadlineCycles));
            Scheduler.RunDue();
        }

        Clock.AdvanceTo(cycle);
    }

    /// <summary>Delivers a frame and goes on until it must be in memory.</summary>
    public void Receive(byte[] frame, FrameFlags flags = FrameFlags.None)
    {
        Deliver(frame, flags);
        Run(100_000 + 20 * (ulong)frame.Length);
    }

    public void Dispose() => Ram.Dispose();

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw new InvalidOperationException("not RAM: the test is wrong");
        }
    }

    private void HandBack(int descriptors, bool handBack)
    {
        for (int index = 0; index < descriptors && handBack; index++)
        {
            int which = (_next + index) % RingCount;
            PutDescriptor(which, BufferOf(which));
        }

        _next = (_next + descriptors) % RingCount;
        if (handBack)
        {
            Write(E1000Offset.Rdt, (uint)((_next + RingCount - 1) % RingCount));
        }
    }
}
