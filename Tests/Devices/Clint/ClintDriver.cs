using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Clint;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Tests.Devices.Interrupts;
using ClintDevice = RiscvXv6.Devices.Clint.Clint;

namespace RiscvXv6.Tests.Devices.Clint;

/// <summary>Plays the guest's driver: a CLINT, an Sstc comparator per hart, their lines and a clock.</summary>
internal sealed class ClintDriver
{
    public const ulong Mtime = 0xbff8;

    public ClintDriver(int hartCount = 2, int megahertz = 1000)
    {
        Clock = new GuestClock(megahertz);
        Scheduler = new EventScheduler(Clock);
        Time = new MachineTime(Clock);
        Software = CreateLines(hartCount);
        Timer = CreateLines(hartCount);
        SupervisorLines = CreateLines(hartCount);
        var lines = new ClintHartLines[hartCount];
        SupervisorTimers = new SupervisorTimer[hartCount];
        for (int hart = 0; hart < hartCount; hart++)
        {
            lines[hart] = new ClintHartLines(Software[hart], Timer[hart]);
            SupervisorTimers[hart] = new SupervisorTimer(hart, Time, Scheduler, SupervisorLines[hart]);
        }

        Device = new ClintDevice(Time, Scheduler, lines);
    }

    public GuestClock Clock { get; }

    public EventScheduler Scheduler { get; }

    public MachineTime Time { get; }

    public ClintDevice Device { get; }

    public RecordingLine[] Software { get; }

    public RecordingLine[] Timer { get; }

    public SupervisorTimer[] SupervisorTimers { get; }

    public RecordingLine[] SupervisorLines { get; }

    public static ulong Mtimecmp(int hart) => 0x4000 + 8 * (ulong)hart;

    public ulong Read(ulong offset, int sizeBytes = 8)
    {
        Assert.That(Device.Read(offset, sizeBytes, out ulong value), Is.EqualTo(BusStatus.Ok));
        return value;
    }

    public void Write(ulong offset, ulong value, int sizeBytes = 8) =>
        Assert.That(Device.Write(offset, sizeBytes, value), Is.EqualTo(BusStatus.Ok));

    public void RunTo(ulong cycles)
    {
        Clock.AdvanceTo(cycles);
        Scheduler.RunDue();
    }

    private static RecordingLine[] CreateLines(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new RecordingLine())];
}
