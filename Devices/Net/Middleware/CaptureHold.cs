using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Net.Middleware;

/// <summary>
/// Keeps captured frames back, in order, until the card has said what became of those that came to it; for 10 ms of guest time at most, for
/// a card may be reset, or have no driver.
/// </summary>
internal sealed class CaptureHold(ICaptureWriter writer, IGuestClock clock)
{
    private const int CapacityBytes = 4 << 20;
    private const int ShortestBytes = 60;
    private const ulong PatiencePicoseconds = 10_000_000_000;

    private readonly FrameQueue<Held> _frames = new(CapacityBytes);
    private readonly List<string> _drops = [];
    private readonly ulong _patienceCycles = clock.CyclesOf(PatiencePicoseconds);

    private record struct Held(
        ulong Cycle, FrameDirection Direction, FrameInfo Info, FrameNotes Notes, int LengthBytes, bool IsSettled, int Drop);

    /// <summary>Takes a frame; those that the card will not tell of are settled already.</summary>
    public void Add(in CapturedFrame frame)
    {
        bool isSettled = frame.Direction == FrameDirection.ToNetwork || frame.Notes.IsLost;
        var held = new Held(frame.Cycle, frame.Direction, frame.Info, frame.Notes, frame.Bytes.Length, isSettled, -1);
        while (!_frames.TryEnqueue(held, frame.Bytes))
        {
            WriteFirst();
        }

        WriteSettled();
    }

    /// <summary>The card has told of a frame.</summary>
    public void Settle(ulong arrivalCycle, int lengthBytes, int descriptorIndex, string? drop)
    {
        for (int left = _frames.Count, place = left > 0 ? _frames.First : 0; left > 0; left--)
        {
            ref var held = ref _frames.HeaderAt(place);
            if (held.Cycle == arrivalCycle && OnWire(held.LengthBytes) == OnWire(lengthBytes) && !held.IsSettled)
            {
                held.IsSettled = true;
                held.Info = held.Info with { DescriptorIndex = descriptorIndex };
                held.Drop = IndexOf(drop);
                break;
            }

            if (left > 1)
            {
                place = _frames.After(place);
            }
        }

        WriteSettled();
    }

    /// <summary>Writes what need not wait.</summary>
    public void WriteSettled()
    {
        while (_frames.Count > 0)
        {
            ref var first = ref _frames.HeaderAt(_frames.First);
            if (!first.IsSettled && clock.NowCycles - first.Cycle < _patienceCycles)
            {
                return;
            }

            WriteFirst();
        }
    }

    /// <summary>Writes everything.</summary>
    public void WriteAll()
    {
        while (_frames.Count > 0)
        {
            WriteFirst();
        }
    }

    /// <summary>Short frames are filled up on the wire, and a card counts what it saw there.</summary>
    private static int OnWire(int lengthBytes) => Math.Max(lengthBytes, ShortestBytes);

    private void WriteFirst()
    {
        var bytes = _frames.Peek(out var held);
        writer.Write(new CapturedFrame
        {
            Cycle = held.Cycle,
            Direction = held.Direction,
            Bytes = bytes,
            Info = held.Info,
            Notes = held.Notes,
            CardDrop = held.Drop < 0 ? null : _drops[held.Drop],
        });
        _frames.Remove();
    }

    /// <summary>There are a dozen reasons, so each is listed once, when it first occurs.</summary>
    private int IndexOf(string? drop)
    {
        if (drop is null)
        {
            return -1;
        }

        int index = _drops.IndexOf(drop);
        if (index < 0)
        {
            index = _drops.Count;
            _drops.Add(drop);
        }

        return index;
    }
}
