using System.Buffers.Binary;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// What the manual says of receiving, as a slow program that takes no time: ring, FIFO, buffers and counters, on memory
/// of its own. It is told what happens to a card, and then says what the card's memory and registers have to hold once
/// nothing moves any more.
/// </summary>
internal sealed class ReceiveModel
{
    private const int DescriptorBytes = 16;

    private readonly ulong _ramBase;
    private readonly List<Waiting> _fifo = [];
    private readonly Dictionary<uint, uint> _counters = [];
    private ulong _causes;

    public ReceiveModel(ulong ramBase, byte[] ram)
    {
        _ramBase = ramBase;
        Ram = ram;
    }

    public byte[] Ram { get; }

    public ulong RingBase { get; set; }

    public int RingCount { get; set; }

    public int Head { get; private set; }

    public int Tail { get; private set; }

    public uint Control { get; private set; }

    public int FifoBytes { get; set; } = 48 * 1024;

    public int FramesInFifo => _fifo.Count;

    /// <summary>Frames whose last descriptor is done.</summary>
    public int Completed { get; private set; }

    /// <summary>A counter's value, which reading clears.</summary>
    public uint TakeCounter(uint offset) => _counters.Remove(offset, out uint value) ? value : 0;

    /// <summary>ICR's receive causes, which reading clears.</summary>
    public uint TakeCauses()
    {
        ulong causes = _causes;
        _causes = 0;
        return (uint)causes;
    }

    /// <summary>CTRL.RST.</summary>
    public void Reset()
    {
        _fifo.Clear();
        _counters.Clear();
        _causes = 0;
        Head = 0;
        Tail = 0;
        Control = 0;
    }

    public void WriteControl(uint value)
    {
        if ((value & ReceiveBench.Enable) == 0)
        {
            _fifo.Clear();
        }

        Control = value;
        Work();
    }

    public void WriteTail(int value)
    {
        Tail = value;
        Work();
    }

    public void WriteRam(ulong address, ReadOnlySpan<byte> bytes) => bytes.CopyTo(Ram.AsSpan((int)(address - _ramBase)));

    /// <summary>A frame's last bit.</summary>
    public void Arrive(byte[] frame, FrameFlags flags)
    {
        if ((Control & ReceiveBench.Enable) == 0)
        {
            return;
        }

        byte[] padded = (flags & FrameFlags.Unpadded) != 0 || frame.Length >= 60
            ? frame
            : [.. frame, .. new byte[60 - frame.Length]];
        var destination = MacAddress.Read(padded);
        bool isWanted = destination == RiscvXv6.Devices.E1000.E1000Options.DefaultMac
            || (destination == MacAddress.Broadcast && (Control & ReceiveBench.Broadcast) != 0);
        if (!isWanted)
        {
            return;
        }

        int wire = padded.Length + 4;
        int longest = (Control & ReceiveBench.LongPackets) != 0 ? 16384 : 1522;
        bool isBad = (flags & FrameFlags.BadFcs) != 0;
        Count(E1000Offset.Tpr);
        Count(E1000Offset.Torl, (uint)wire);
        CountErrors(wire, longest, isBad);
        bool isLegal = wire >= 64 && wire <= longest && !isBad;
        if (!isLegal && ((Control & ReceiveBench.StoreBad) == 0 || wire > 16384))
        {
            return;
        }

        if (_fifo.Sum(waiting => waiting.Footprint) + Waiting.RoundedUp(wire) > FifoBytes)
        {
            Count(E1000Offset.Mpc);
            _causes |= 1 << 6;
            return;
        }

        if (isLegal)
        {
            Count(E1000Offset.Gprc);
            Count(E1000Offset.Gorcl, (uint)wire);
            if (destination == MacAddress.Broadcast)
            {
                Count(E1000Offset.Bprc);
            }
        }

        uint sequence = SlowCheckSequence(padded);
        byte[] stored = (Control & ReceiveBench.StripCrc) != 0
            ? padded
            : [.. padded, .. BitConverter.GetBytes(isBad ? ~sequence : sequence)];
        _fifo.Add(new Waiting(stored, wire, isBad));
        Work();
    }

    private void CountErrors(int wire, int longest, bool isBad)
    {
        if (wire < 64)
        {
            Count(E1000Offset.Rlec);
            Count(isBad ? E1000Offset.Rfc : E1000Offset.Ruc);
            return;
        }

        if (isBad)
        {
            Count(E1000Offset.Crcerrs);
        }

        if (wire > longest)
        {
            Count(E1000Offset.Rlec);
            Count(isBad ? E1000Offset.Rjc : E1000Offset.Roc);
        }
    }

    /// <summary>Puts what is in the FIFO into buffers, as far as there are any.</summary>
    private void Work()
    {
        while (_fifo.Count > 0 && (Control & ReceiveBench.Enable) != 0 && HasDescriptor())
        {
            var waiting = _fifo[0];
            int slot = (int)(RingBase - _ramBase) + Head * DescriptorBytes;
            ulong buffer = BinaryPrimitives.ReadUInt64LittleEndian(Ram.AsSpan(slot));
            if (buffer == 0)
            {
                Ram[slot + 12] |= 1;
            }
            else
            {
                Store(waiting, slot, buffer);
            }

            Head = (Head + 1) % RingCount;
            int shift = 1 + (int)(Control >> 8 & 3);
            if ((Tail - Head + RingCount) % RingCount == RingCount >> shift)
            {
                _causes |= 1 << 4;
            }
        }

        foreach (var waiting in _fifo)
        {
            if (!waiting.IsCounted)
            {
                waiting.IsCounted = true;
                Count(E1000Offset.Rnbc);
            }
        }
    }

    private bool HasDescriptor() => Head != Tail && Head < RingCount && Tail < RingCount;

    private void Store(Waiting waiting, int slot, ulong buffer)
    {
        int size = 2048 >> (int)(Control >> 16 & 3);
        size *= (Control & 1u << 25) != 0 && size != 2048 ? 16 : 1;
        int length = Math.Min(size, waiting.Bytes.Length - waiting.Offset);
        waiting.Bytes.AsSpan(waiting.Offset, length).CopyTo(Ram.AsSpan((int)(buffer - _ramBase)));
        waiting.Offset += length;
        bool isEnd = waiting.Offset == waiting.Bytes.Length;
        var fields = Ram.AsSpan(slot + 8, 8);
        fields.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(fields, (ushort)length);
        fields[4] = 1;
        if (isEnd)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(fields[2..], SlowComplement(waiting.Bytes));

            // EOP, and IXSM as nothing is judged; CE.
            fields[4] = 7;
            fields[5] = (byte)(waiting.IsBad ? 1 : 0);
            _fifo.RemoveAt(0);
            _causes |= 1 << 7;
            Completed++;
        }
    }

    private void Count(uint counter, uint by = 1) => _counters[counter] = _counters.GetValueOrDefault(counter) + by;

    private static uint SlowCheckSequence(byte[] bytes)
    {
        uint register = uint.MaxValue;
        foreach (byte next in bytes)
        {
            register ^= next;
            for (int bit = 0; bit < 8; bit++)
            {
                register = (register & 1) != 0 ? register >> 1 ^ 0xedb8_8320 : register >> 1;
            }
        }

        return ~register;
    }

    private static ushort SlowComplement(byte[] bytes)
    {
        uint sum = 0;
        for (int index = 0; index < bytes.Length; index += 2)
        {
            sum += (uint)bytes[index] << 8 | (index + 1 < bytes.Length ? bytes[index + 1] : 0u);
        }

        while (sum > 0xffff)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }

    private sealed class Waiting(byte[] bytes, int wireBytes, bool isBad)
    {
        public byte[] Bytes { get; } = bytes;

        public bool IsBad { get; } = isBad;

        public int Offset { get; set; }

        public bool IsCounted { get; set; }

        public int Footprint => RoundedUp(wireBytes) - Offset / 8 * 8;

        public static int RoundedUp(int wireBytes) => Math.Max(64, (wireBytes + 7) / 8 * 8);
    }
}
