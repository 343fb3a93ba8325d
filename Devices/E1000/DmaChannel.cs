using RiscvXv6.Devices.State;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// One of the card's streams of transfers: a buffer on the chip, and at most one transfer between it and memory at a
/// time.
/// </summary>
public sealed class DmaChannel
{
    private readonly DmaEngine _engine;
    private readonly byte[] _buffer;

    internal DmaChannel(DmaEngine engine, string name, DmaPurpose purpose, int bufferBytes, Action<bool> completed, EventScheduler scheduler)
    {
        _engine = engine;
        _buffer = new byte[bufferBytes];
        Name = name;
        Purpose = purpose;
        Completed = completed;
        Ended = scheduler.Create($"{name}.dma", () => _engine.End(this));
    }

    public string Name { get; }

    public DmaPurpose Purpose { get; }

    /// <summary>The chip's end of the transfers.</summary>
    public Span<byte> Buffer => _buffer;

    /// <summary>A transfer is wanted or under way.</summary>
    public bool IsBusy => Phase != DmaPhase.Idle;

    /// <summary>The cycle at which the present or last transfer was asked for.</summary>
    public ulong RequestedCycle { get; internal set; }

    /// <summary>The cycle at which it got the bus.</summary>
    public ulong StartedCycle { get; internal set; }

    internal Action<bool> Completed { get; }

    internal ScheduledEvent Ended { get; }

    internal DmaPhase Phase { get; set; }

    internal bool IsWrite { get; private set; }

    internal ulong Address { get; private set; }

    internal int BufferOffset { get; private set; }

    internal int Length { get; private set; }

    /// <summary>Whose turn it is: the lowest of those that wait.</summary>
    internal ulong Ticket { get; private set; }

    /// <summary>Nobody claims the address.</summary>
    internal bool IsAbort { get; set; }

    /// <summary>Cycles for which it has the bus.</summary>
    internal ulong BusCycles { get; set; }

    internal Span<byte> Window => _buffer.AsSpan(BufferOffset, Length);

    /// <summary>
    /// Asks for a transfer from memory into the buffer. The bytes arrive, and the callback runs, when it ends.
    /// </summary>
    /// <exception cref="InvalidOperationException">A transfer is under way: a bug of ours.</exception>
    /// <exception cref="ArgumentOutOfRangeException">No bytes, or not inside the buffer: a bug of ours.</exception>
    public void Read(ulong address, int bufferOffset, int length) => Request(address, bufferOffset, length, isWrite: false);

    /// <summary>
    /// Asks for a transfer from the buffer to memory. The bytes leave the buffer, and the callback runs, when it ends:
    /// until then they must stay.
    /// </summary>
    /// <exception cref="InvalidOperationException">A transfer is under way: a bug of ours.</exception>
    /// <exception cref="ArgumentOutOfRangeException">No bytes, or not inside the buffer: a bug of ours.</exception>
    public void Write(ulong address, int bufferOffset, int length) => Request(address, bufferOffset, length, isWrite: true);

    internal void Drop()
    {
        Ended.Cancel();
        Phase = DmaPhase.Idle;
    }

    internal DmaChannelState Save() => new(
        new ValueArray<byte>(_buffer),
        Phase,
        IsWrite,
        Address,
        BufferOffset,
        Length,
        Ticket,
        IsAbort,
        BusCycles,
        RequestedCycle,
        StartedCycle,
        Ended.IsScheduled ? Ended.DeadlineCycles : EventScheduler.Never);

    internal void Restore(DmaChannelState state)
    {
        (var buffer, Phase, IsWrite, Address, BufferOffset, Length, Ticket, IsAbort, BusCycles, RequestedCycle, StartedCycle,
            ulong endCycle) = state;
        buffer.AsSpan().CopyTo(_buffer);
        Ended.Cancel();
        if (endCycle != EventScheduler.Never)
        {
            Ended.ScheduleAt(endCycle);
        }
    }

    private void Request(ulong address, int bufferOffset, int length, bool isWrite)
    {
        if (IsBusy)
        {
            throw new InvalidOperationException($"{Name}: a second transfer before the end of the first");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(bufferOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bufferOffset, _buffer.Length - length);
        IsWrite = isWrite;
        Address = address;
        BufferOffset = bufferOffset;
        Length = length;
        Ticket = _engine.TakeTicket();
        IsAbort = false;
        BusCycles = 0;
        Phase = DmaPhase.AwaitingBus;
        _engine.Begin(this);
    }
}
