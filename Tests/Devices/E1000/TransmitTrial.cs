using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// A driver that does things at random with a transmit ring, while the card stalls, stops and starts; and beside it
/// the plain transmitter, with which frames, statuses and interrupts are compared. It complains in sentences.
/// </summary>
internal sealed class TransmitTrial : IDisposable
{
    private const int BufferBytes = 0x4000;
    private const ulong Buffers = E1000Driver.TransmitBuffers;
    private const uint WrittenBack = 1;

    private readonly Random _random;
    private readonly E1000Driver _driver;
    private readonly PlainTransmitter _plain;
    private readonly GuardedMemory _memory;
    private readonly int _count;
    private readonly List<int> _slots = [];
    private readonly Dictionary<int, ulong> _bufferOf = [];
    private readonly uint _control;
    private readonly bool _isDelaying;
    private int _queued;
    private int _rung;
    private int _doneSeen;
    private int _doneAtInterrupt;

    /// <param name="seed">Decides on everything.</param>
    /// <param name="spoil">For negative controls: may change what the card sees of memory.</param>
    public TransmitTrial(int seed, Action<GuardedMemory>? spoil = null)
    {
        _random = new Random(seed);
        PciBusTiming bus = Pick(PciBusTiming.Pcie, PciBusTiming.Pci33, PciBusTiming.Pci66);
        GuardedMemory? guarded = null;
        _driver = new E1000Driver(
            change: options => options with { Bus = bus, LinkMegabits = Pick(1000, 1000, 100) },
            memory: memory => guarded = new GuardedMemory(memory));
        _memory = guarded!;
        spoil?.Invoke(_memory);
        _count = Pick(8, 16, 64, 256);
        _isDelaying = spoil is null && _random.Next(2) == 0;
        _control = Pick(E1000Driver.TransmitControl, E1000Driver.TransmitControl & ~8u);
        _plain = new PlainTransmitter(ReadRam, (_control & 8) != 0);
        _driver.SetUpTransmit(_count, _control);
        _driver.Write(E1000Register.Tidv, (uint)_random.Next(1, 20));
        _driver.Write(E1000Register.Pba, Pick(48u, 48u, 40u, 16u));
        _driver.Write(
            E1000Register.Txdctl,
            (uint)(_random.Next(2) * _random.Next(8) | _random.Next(8) << 8 | _random.Next(2) * _random.Next(_count / 4) << 16 | 1 << 24));
    }

    public List<string> Complaints { get; } = [];

    public int FramesCompared { get; private set; }

    public void Run(int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            Step();
            Look();
        }

        _driver.SetUpBus();
        _driver.Write(E1000Register.Tctl, _control);
        Ring();
        for (int index = 0; index < 200; index++)
        {
            _driver.RunFor(100_000);
            Look();
        }

        Compare();
    }

    public void Dispose() => _driver.Dispose();

    private void Step()
    {
        switch (_random.Next(12))
        {
            case <= 4:
                QueuePacket();
                break;
            case <= 6:
                Ring();
                break;
            case 7 when _random.Next(4) == 0:
                _driver.SetUpBus(Pick((ushort)7, (ushort)3));
                break;
            case 8 when _random.Next(4) == 0:
                _driver.Write(E1000Register.Tctl, _random.Next(2) == 0 ? _control : _control & ~2u);
                break;
            case 9:
                _driver.SetUpBus();
                _driver.Write(E1000Register.Tctl, _control);
                break;
            default:
                _driver.RunFor((uint)_random.Next(1, Pick(100, 3_000, 30_000)));
                break;
        }
    }

    private void QueuePacket()
    {
        bool isSegmented = _random.Next(8) == 0;
        int parts = _random.Next(1, 4);
        if (_slots.Count + parts + 2 >= _count)
        {
            return;
        }

        byte[] packet = isSegmented || _random.Next(3) == 0
            ? PlainPackets.Prototype(isIPv6: false, isTcp: true, _random.Next(1, 4_000))
            : E1000Driver.Frame(Pick(14, 20, 42, 60, 61, 200, 1_514, 9_014), _random.Next());
        int kind = isSegmented ? 2 : _random.Next(2);
        if (kind > 0)
        {
            Add(Context(packet, isSegmented));
        }

        for (int part = 0, at = 0; part < parts; part++)
        {
            bool isLast = part == parts - 1;
            int length = isLast ? packet.Length - at : Math.Min(_random.Next(0, packet.Length), packet.Length - at - 1);
            ulong buffer = Buffers + (uint)(_queued % _count * BufferBytes + _random.Next(0, 64));
            _driver.Memory.TryWrite(buffer, packet.AsSpan(at, length));
            bool isReported = isLast ? _random.Next(4) != 0 || _slots.Count * 2 > _count : _random.Next(4) == 0;
            ulong command = (isLast ? 1u : 0) | 2u | (isReported ? 8u : 0) | (_isDelaying && _random.Next(4) == 0 ? 0x80u : 0);
            ulong high = kind switch
            {
                0 => Legacy(packet.Length),
                1 => 1ul << 20 | 0x20ul << 24 | (ulong)(uint)_random.Next(4) << 40,
                _ => 1ul << 20 | 0x24ul << 24 | 3ul << 40,
            };
            Add((buffer, high | (uint)length | command << 24), length);
            at += length;
        }
    }

    private ulong Legacy(int length) => _random.Next(3) == 0
        ? 4ul << 24 | Offset(length) << 16 | Offset(length) << 40
        : 0;

    private ulong Offset(int length) => (uint)_random.Next(0, Math.Min(length + 3, 256));

    private (ulong Low, ulong High) Context(byte[] packet, bool isSegmented)
    {
        ulong low = 14 | 24ul << 8 | 33ul << 16 | 34ul << 32 | 50ul << 40;
        ulong high = 0x23ul << 24 | (_random.Next(2) == 0 ? 8ul << 24 : 0);
        return isSegmented
            ? (low, high | 4ul << 24 | (uint)(packet.Length - 54) | 54ul << 40 | (ulong)(uint)_random.Next(200, 1_460) << 48)
            : (low, high);
    }

    private void Add((ulong Low, ulong High) descriptor, int bufferBytes = 0)
    {
        int index = _queued++ % _count;
        ulong at = E1000Driver.TransmitDescriptor(index);
        _driver.Memory.TryWriteUInt64(at, descriptor.Low);
        _driver.Memory.TryWriteUInt64(at + 8, descriptor.High);
        _slots.Add(index);
        _memory.HandOver(at, 16);
        if (bufferBytes > 0)
        {
            _memory.HandOver(descriptor.Low, bufferBytes);
            _bufferOf[index] = descriptor.Low;
        }

        _plain.Process(index, descriptor.Low, descriptor.High);
    }

    private void Ring()
    {
        _rung = _queued;
        _driver.Write(E1000Register.Tdt, (uint)(_rung % _count));
    }

    /// <summary>What a driver sees: DD in the order of the ring, and an interrupt that tells of it.</summary>
    private void Look()
    {
        bool isInterrupt = (_driver.Read(E1000Register.Icr) & WrittenBack) != 0;
        while (_doneSeen < _plain.Done.Count && _slots.Contains(_plain.Done[_doneSeen]) && IsDone(_plain.Done[_doneSeen]))
        {
            Free(_plain.Done[_doneSeen++]);
        }

        // With IDE, a driver may have seen all before TXDW tells of it.
        if (isInterrupt && !_isDelaying && _doneSeen == _doneAtInterrupt)
        {
            Complaints.Add($"TXDW at {_driver.Now} tells of no descriptor that is done");
        }

        if (isInterrupt)
        {
            _doneAtInterrupt = _doneSeen;
        }

        foreach (int index in _slots)
        {
            if (IsDone(index) && _plain.Done.IndexOf(index, _doneSeen) != _doneSeen)
            {
                Complaints.Add($"descriptor {index} is done before its turn, or has not asked for it");
            }
        }
    }

    /// <summary>What goes before a descriptor that is done is done with too, and the driver's again.</summary>
    private void Free(int done)
    {
        int end = _slots.IndexOf(done);
        foreach (int index in _slots.Take(end + 1))
        {
            _memory.TakeBack(E1000Driver.TransmitDescriptor(index));
            _driver.Memory.TryWriteUInt64(E1000Driver.TransmitDescriptor(index) + 8, 0);
            if (_bufferOf.Remove(index, out ulong buffer))
            {
                _memory.TakeBack(buffer);
            }
        }

        _slots.RemoveRange(0, end + 1);
    }

    private void Compare()
    {
        var sent = _driver.Cable.Frames;
        for (int index = 0; index < Math.Max(sent.Count, _plain.Frames.Count); index++)
        {
            if (index >= sent.Count || index >= _plain.Frames.Count)
            {
                Complaints.Add($"{sent.Count} frames left, and not {_plain.Frames.Count}");
                break;
            }

            FramesCompared++;
            var (bytes, descriptor) = _plain.Frames[index];
            if (!sent[index].Bytes.AsSpan().SequenceEqual(bytes))
            {
                Complaints.Add($"frame {index} has other bytes");
            }
        }

        if (_doneSeen != _plain.Done.Count)
        {
            Complaints.Add($"{_doneSeen} descriptors are done, and not {_plain.Done.Count}");
        }

        if (_driver.Peek(E1000Register.Tdh) != (uint)(_queued % _count))
        {
            Complaints.Add("TDH is not at the end");
        }

        Complaints.AddRange(_memory.Trespasses);
    }

    private bool IsDone(int index)
    {
        Span<byte> status = stackalloc byte[1];
        _driver.Memory.TryRead(E1000Driver.TransmitDescriptor(index) + 12, status);
        return (status[0] & 1) != 0;
    }

    private byte[] ReadRam(ulong address, int length)
    {
        byte[] bytes = new byte[length];
        _driver.Memory.TryRead(address, bytes);
        return bytes;
    }

    private T Pick<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];
}
