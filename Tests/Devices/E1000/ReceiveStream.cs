using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Pci;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// A stream of numbered frames at the wire's speed into a card whose DMA stalls, and a driver that looks at its ring at
/// odd times. At every event it compares RDH with the statuses in memory; at the end, every frame must have been taken
/// once, whole and in order, or be counted as missed.
/// </summary>
internal sealed class ReceiveStream : IDisposable
{
    private const int Descriptors = 32;

    private readonly Random _random;
    private readonly int _frames;
    private int _sent;
    private int _expected;
    private int _taken;
    private int _skipped;

    public ReceiveStream(int seed, int frames)
    {
        _random = new Random(seed);
        _frames = frames;
        PciBusTiming[] buses = [PciBusTiming.Pcie, PciBusTiming.Pci66, PciBusTiming.Pci33];
        Bench = new ReceiveBench(new E1000Options(E1000Options.DefaultMac) { Bus = buses[seed % buses.Length] });
        Bench.Memory.IsSilent = true;
        uint thresholds = (uint)_random.Next(1, 6) << 16 | (uint)_random.Next(4) << 8 | (uint)_random.Next(12);
        Bench.Write(E1000Offset.Rxdctl, 1u << 24 | thresholds);
        Bench.Write(E1000Offset.Rdtr, (uint)_random.Next(3) * 4);
        Bench.StartReceiver(Descriptors, ReceiveBench.UsualControl | (uint)_random.Next(4) << 16);
    }

    public ReceiveBench Bench { get; }

    /// <summary>Frames that the driver took.</summary>
    public int Taken => _taken;

    /// <summary>Frames that were missed because the FIFO was full.</summary>
    public int Missed => _skipped;

    /// <summary>Runs to the end. Returns what is wrong, or null.</summary>
    public string? Run()
    {
        ulong stallCycle = 0;
        bool isStalled = false;
        string? complaint = null;
        while (complaint is null && (_sent < _frames || Bench.Scheduler.NextDeadlineCycles != ulong.MaxValue))
        {
            while (_sent < _frames && Bench.Card.ReceiveRoomFrames > 900)
            {
                Bench.Deliver(Numbered(_sent++));
            }

            if (Bench.Clock.NowCycles >= stallCycle)
            {
                isStalled = !isStalled && _random.Next(3) == 0 && _sent < _frames;
                Bench.IsBusMaster = !isStalled;
                stallCycle = Bench.Clock.NowCycles + (ulong)_random.Next(isStalled ? 60_000 : 200_000);
            }

            Bench.RunTo(Math.Min(Bench.Scheduler.NextDeadlineCycles, stallCycle));
            complaint = HeadAgainstStatuses();
            if (complaint is null && _random.Next(30) == 0)
            {
                complaint = Take();
            }
        }

        for (int round = 0; round < 200 && complaint is null; round++)
        {
            complaint = Take();
            Bench.Run(100_000);
        }

        return complaint ?? Accounts();
    }

    public void Dispose() => Bench.Dispose();

    private static byte[] Numbered(int number)
    {
        var frame = ReceiveBench.Frame(60 + number * 37 % 1400, seed: number);
        BitConverter.TryWriteBytes(frame.AsSpan(20), number);
        return frame;
    }

    /// <summary>RDH points behind the last descriptor whose status is in memory, at every moment.</summary>
    private string? HeadAgainstStatuses()
    {
        int head = (int)Bench.Read(E1000Offset.Rdh);
        if ((Bench.StatusOf(head) & ReceiveBench.Done) != 0)
        {
            return $"descriptor {head} is done, and RDH has not passed it";
        }

        int last = (head + Descriptors - 1) % Descriptors;
        bool isDone = (Bench.StatusOf(last) & ReceiveBench.Done) != 0;
        bool isUsed = last != (int)Bench.Read(E1000Offset.Rdt) && Bench.NextToTake != head;
        return isUsed && !isDone ? $"RDH has passed descriptor {last}, and it is not done" : null;
    }

    private string? Take()
    {
        while (Bench.Take() is { } frame)
        {
            int number = BitConverter.ToInt32(frame.Bytes, 20);
            if (number < _expected || number >= _sent)
            {
                return $"frame {number} came where {_expected} was due";
            }

            if (!frame.Bytes.AsSpan().SequenceEqual(Numbered(number)))
            {
                return $"frame {number} is not what was sent";
            }

            _skipped += number - _expected;
            _expected = number + 1;
            _taken++;
        }

        return null;
    }

    private string? Accounts()
    {
        _skipped += _sent - _expected;
        uint missed = Bench.Read(E1000Offset.Mpc);
        uint good = Bench.Read(E1000Offset.Gprc);
        uint total = Bench.Read(E1000Offset.Tpr);
        return good == _taken && missed == _skipped && total == _sent
            ? null
            : $"{_taken} of {_sent} frames taken and {_skipped} lost, but GPRC {good}, MPC {missed}, TPR {total}";
    }
}
