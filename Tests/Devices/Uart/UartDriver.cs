using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Devices.Uart;
using RiscvXv6.Tests.Devices.Interrupts;
using UartDevice = RiscvXv6.Devices.Uart.Uart;

namespace RiscvXv6.Tests.Devices.Uart;

/// <summary>Plays the guest's driver and the far end of the line: a UART, its output, its interrupt line and a clock.</summary>
internal sealed class UartDriver : ISerialSink
{
    public UartDriver(int inputCapacity = 64)
    {
        Scheduler = new EventScheduler(Clock);
        Device = new UartDevice("uart0", Clock, Scheduler, this, Line);
        Input = new SerialInput(Device, Clock, Scheduler, inputCapacity);
    }

    public GuestClock Clock { get; } = new();

    public EventScheduler Scheduler { get; }

    public UartDevice Device { get; }

    public SerialInput Input { get; }

    public RecordingLine Line { get; } = new();

    public List<byte> Output { get; } = new(1024);

    public byte Rbr => Read(0);

    public byte Iir => Read(2);

    public byte Lsr => Read(5);

    public byte Msr => Read(6);

    public byte Thr
    {
        set => Write(0, value);
    }

    public byte Ier
    {
        get => Read(1);
        set => Write(1, value);
    }

    public byte Fcr
    {
        set => Write(2, value);
    }

    public byte Lcr
    {
        get => Read(3);
        set => Write(3, value);
    }

    public byte Mcr
    {
        get => Read(4);
        set => Write(4, value);
    }

    public byte Read(ulong offset)
    {
        Assert.That(Device.Read(offset, 1, out ulong value), Is.EqualTo(BusStatus.Ok));
        return (byte)value;
    }

    public void Write(ulong offset, byte value) =>
        Assert.That(Device.Write(offset, 1, value), Is.EqualTo(BusStatus.Ok));

    public void Receive(params byte[] values)
    {
        foreach (byte value in values)
        {
            Assert.That(Device.TryReceive(value), Is.True);
        }
    }

    public void Advance(ulong cycles)
    {
        ulong end = Clock.NowCycles + cycles;
        while (Scheduler.NextDeadlineCycles <= end)
        {
            Clock.AdvanceTo(Math.Max(Clock.NowCycles, Scheduler.NextDeadlineCycles));
            Scheduler.RunDue();
        }

        Clock.AdvanceTo(end);
    }

    public void Transmit(byte value) => Output.Add(value);
}
