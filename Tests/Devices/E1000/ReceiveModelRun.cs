using System.Buffers.Binary;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Devices.Pci;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// Drives a card and its model through the same random traffic and ring operations, lets the card come to rest after
/// each, and compares memory, head, counters and causes.
/// </summary>
internal sealed class ReceiveModelRun : IDisposable
{
    private const int ComparedBytes = 0x2_0000 + DescriptorsMax * ReceiveBench.BufferStride;
    private const int DescriptorsMax = 64;

    private static readonly uint[] Counters =
    [
        E1000Offset.Crcerrs, E1000Offset.Mpc, E1000Offset.Rlec, E1000Offset.Gprc, E1000Offset.Bprc, E1000Offset.Gorcl,
        E1000Offset.Rnbc, E1000Offset.Ruc, E1000Offset.Rfc, E1000Offset.Roc, E1000Offset.Rjc, E1000Offset.Tpr,
        E1000Offset.Torl,
    ];

    private readonly Random _random;
    private readonly ReceiveModel _model;
    private readonly byte[] _ram = new byte[ComparedBytes];
    private int _clean;
    private string _operation = "start";

    public ReceiveModelRun(int seed)
    {
        _random = new Random(seed);
        Bench = new ReceiveBench(new E1000Options(E1000Options.DefaultMac) { Bus = PciBusTiming.Pcie });
        Bench.Memory.IsSilent = true;
        _model = new ReceiveModel(ReceiveBench.RamBase, new byte[ComparedBytes]);
        SetUp();
    }

    public ReceiveBench Bench { get; }

    public int FramesCompleted => _model.Completed;

    public int FramesWaitedMost { get; private set; }

    public void Dispose() => Bench.Dispose();

    /// <summary>Does something random. Returns what differs after it, or null.</summary>
    public string? Step()
    {
        switch (_random.Next(40))
        {
            case 0:
                Bench.Write(E1000Offset.Ctrl, 1u << 26);
                _model.Reset();
                SetUp();
                break;
            case < 3:
                Control(_model.Control & ~ReceiveBench.Enable);
                Bench.Run(5_000);
                Control(RandomControl());
                break;
            case < 8:
                Control(RandomControl());
                break;
            case < 22:
                Burst(1 + _random.Next(_random.Next(8) == 0 ? 300 : 12));
                break;
            default:
                HandOver();
                break;
        }

        FramesWaitedMost = Math.Max(FramesWaitedMost, _model.FramesInFifo);
        Bench.Run(2_000_000);
        return Difference();
    }

    private string? Difference()
    {
        if (Bench.Read(E1000Offset.Rdh) != _model.Head)
        {
            return $"after {_operation}: RDH is {Bench.Read(E1000Offset.Rdh)} and not {_model.Head}";
        }

        foreach (uint counter in Counters)
        {
            uint expected = _model.TakeCounter(counter);
            uint actual = Bench.Read(counter);
            if (counter is E1000Offset.Gorcl or E1000Offset.Torl)
            {
                // Of a pair, the high half clears both.
                Bench.Read(counter + 4);
            }

            if (actual != expected)
            {
                return $"after {_operation}: counter 0x{counter:x} is {actual} and not {expected}";
            }
        }

        const uint receiveCauses = 1 << 4 | 1 << 6 | 1 << 7;
        uint causes = Bench.Read(E1000Offset.Icr) & receiveCauses;
        uint expectedCauses = _model.TakeCauses();
        if (causes != expectedCauses)
        {
            return $"after {_operation}: the causes are 0x{causes:x} and not 0x{expectedCauses:x}";
        }

        Bench.Ram.TryRead(ReceiveBench.RamBase, _ram);
        int at = _ram.AsSpan().CommonPrefixLength(_model.Ram);
        return at == _ram.Length ? null : $"after {_operation}: memory differs at +0x{at:x}";
    }

    private void SetUp()
    {
        int count = 8 << _random.Next(4);
        uint fifo = 8u * (uint)_random.Next(1, 8);
        _operation = $"reset to a ring of {count} and a FIFO of {fifo} KB";
        _model.RingBase = ReceiveBench.RingBase;
        _model.RingCount = count;
        _model.FifoBytes = (int)fifo * 1024;
        Bench.Write(E1000Offset.Pba, fifo);

        // What is held back, and what is fetched ahead, makes no difference once all has come to rest.
        uint thresholds = (uint)_random.Next(8) << 16 | (uint)_random.Next(4) << 8 | (uint)_random.Next(8);
        Bench.Write(E1000Offset.Rxdctl, (uint)_random.Next(2) << 24 | thresholds);
        Bench.Write(E1000Offset.Rdtr, (uint)_random.Next(2) * (uint)_random.Next(20));
        Bench.Write(E1000Offset.Rdbal, (uint)ReceiveBench.RingBase);
        Bench.Write(E1000Offset.Rdlen, (uint)count * 16);
        _clean = 0;
        for (int index = 0; index < count - 1; index++)
        {
            Clean();
        }

        Tail(_clean);
        Control(RandomControl());
    }

    private uint RandomControl()
    {
        uint control = ReceiveBench.Enable | ReceiveBench.Broadcast;
        control |= (uint)_random.Next(3) << 8 | (uint)_random.Next(4) << 16;
        control |= _random.Next(2) == 0 ? ReceiveBench.StripCrc : 0;
        control |= _random.Next(2) == 0 ? ReceiveBench.LongPackets : 0;
        control |= _random.Next(2) == 0 ? ReceiveBench.StoreBad : 0;
        return control | (_random.Next(4) == 0 ? 1u << 25 : 0);
    }

    private void Control(uint value)
    {
        _operation = $"RCTL = 0x{value:x}";
        Bench.Write(E1000Offset.Rctl, value);
        _model.WriteControl(value);
    }

    /// <summary>Makes the descriptor behind the last clean one empty again; some get no buffer.</summary>
    private void Clean()
    {
        Span<byte> descriptor = stackalloc byte[16];
        descriptor.Clear();
        ulong buffer = _random.Next(12) == 0 ? 0 : Bench.BufferOf(_clean);
        BinaryPrimitives.WriteUInt64LittleEndian(descriptor, buffer);
        Bench.Ram.TryWrite(Bench.DescriptorAddress(_clean), descriptor);
        _model.WriteRam(Bench.DescriptorAddress(_clean), descriptor);
        _clean = (_clean + 1) % _model.RingCount;
    }

    private void HandOver()
    {
        int free = (_model.Head - _clean - 1 + _model.RingCount) % _model.RingCount;
        int count = _random.Next(free + 1);
        for (int index = 0; index < count; index++)
        {
            Clean();
        }

        Tail(_clean);
    }

    private void Tail(int value)
    {
        _operation = $"RDT = {value}";
        Bench.Write(E1000Offset.Rdt, (uint)value);
        _model.WriteTail(value);
    }

    private void Burst(int count)
    {
        _operation = $"a burst of {count}";
        for (int number = 0; number < count; number++)
        {
            int length = _random.Next(10) switch
            {
                0 => _random.Next(1515, 17_000),
                < 3 => _random.Next(1_000, 1_530),
                < 4 => _random.Next(20, 60),
                _ => _random.Next(60, 300),
            };
            var destination = _random.Next(8) switch
            {
                0 => MacAddress.Broadcast,
                1 => new MacAddress(0x0202_0304_0506),
                _ => E1000Options.DefaultMac,
            };
            var flags = _random.Next(12) == 0 ? FrameFlags.BadFcs : FrameFlags.None;
            flags |= _random.Next(2) == 0 ? FrameFlags.Unpadded : FrameFlags.None;
            var frame = ReceiveBench.Frame(length, destination, _random.Next());
            if (Bench.Card.ReceiveRoomFrames == 0)
            {
                return;
            }

            Bench.Deliver(frame, flags);

            // The model takes no time: what it is told of has to have arrived.
            Bench.Run((ulong)(length + 24) * 8 + 40_000);
            _model.Arrive(frame, flags);
        }
    }
}
