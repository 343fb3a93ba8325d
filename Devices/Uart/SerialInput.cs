using RiscvXv6.Devices.State;
using RiscvXv6.Devices.Timing;

namespace RiscvXv6.Devices.Uart;

/// <summary>
/// The line's far end: a bounded queue of characters from the host, delivered to the UART no faster than the line's baud
/// rate and only while the receiver has room, so that nothing is lost, however fast a person or a pipe writes.
/// </summary>
public sealed class SerialInput : IStateful<SerialInputState>
{
    private const ushort Break = 0x100;

    private readonly Uart _uart;
    private readonly IGuestClock _clock;
    private readonly ScheduledEvent _delivery;
    private readonly ushort[] _queue;
    private int _head;
    private int _count;
    private ulong _lineFreeCycles;

    /// <param name="uart">The receiver.</param>
    /// <param name="clock">Times the line.</param>
    /// <param name="scheduler">Wakes the line.</param>
    /// <param name="capacity">Characters that the queue holds.</param>
    public SerialInput(Uart uart, IGuestClock clock, EventScheduler scheduler, int capacity = 4096)
    {
        _uart = uart;
        _clock = clock;
        _queue = new ushort[capacity];
        _delivery = scheduler.Create($"{uart.Name}.input", Deliver);
        uart.ReceiveSpaceAvailable += ScheduleDelivery;
    }

    /// <summary>Raised when a full queue has room again.</summary>
    public event Action? SpaceAvailable;

    /// <summary>Characters that <see cref="Enqueue"/> will take.</summary>
    public int Space => _queue.Length - _count;

    /// <summary>Characters that wait.</summary>
    public int PendingCount => _count;

    /// <summary>Adds as many bytes as fit.</summary>
    /// <returns>How many it took, from the start of <paramref name="bytes"/>; the caller keeps the rest.</returns>
    public int Enqueue(ReadOnlySpan<byte> bytes)
    {
        int taken = Math.Min(bytes.Length, Space);
        for (int i = 0; i < taken; i++)
        {
            Append(bytes[i]);
        }

        ScheduleDelivery();
        return taken;
    }

    /// <summary>Adds a break. False if the queue is full.</summary>
    public bool EnqueueBreak()
    {
        if (Space == 0)
        {
            return false;
        }

        Append(Break);
        ScheduleDelivery();
        return true;
    }

    public SerialInputState Save()
    {
        var pending = new ushort[_count];
        for (int i = 0; i < pending.Length; i++)
        {
            pending[i] = _queue[(_head + i) % _queue.Length];
        }

        return new SerialInputState(new ValueArray<ushort>(pending), _lineFreeCycles);
    }

    /// <summary>Clock and UART have to be restored before; the capacity has to be at least that of the saved queue.</summary>
    public void Restore(SerialInputState state)
    {
        (var pending, _lineFreeCycles) = state;
        _head = 0;
        _count = pending.Length;
        pending.AsSpan().CopyTo(_queue);
        _delivery.Cancel();
        ScheduleDelivery();
    }

    private void Append(ushort character)
    {
        _queue[(_head + _count) % _queue.Length] = character;
        _count++;
    }

    private void ScheduleDelivery()
    {
        if (_count > 0 && _uart.IsAttended && _uart.ReceiveSpace > 0 && !_delivery.IsScheduled)
        {
            _delivery.ScheduleAt(Math.Max(_clock.NowCycles, _lineFreeCycles));
        }
    }

    private void Deliver()
    {
        ushort character = _queue[_head];
        bool isWanted = _count > 0 && _uart.IsAttended;
        if (!isWanted || !(character == Break ? _uart.TryReceiveBreak() : _uart.TryReceive((byte)character)))
        {
            return;
        }

        bool wasFull = Space == 0;
        _head = (_head + 1) % _queue.Length;
        _count--;
        _lineFreeCycles = _clock.NowCycles + _uart.CharacterCycles;
        ScheduleDelivery();
        if (wasFull)
        {
            SpaceAvailable?.Invoke();
        }
    }
}
