using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Plic;
using RiscvXv6.Tests.Devices.Interrupts;
using PlicDevice = RiscvXv6.Devices.Plic.Plic;

namespace RiscvXv6.Tests.Devices.Plic;

/// <summary>Plays the guest's driver: a PLIC with its harts' lines, reached through its registers only.</summary>
internal sealed class PlicDriver
{
    public PlicDriver(int hartCount = 2)
    {
        Machine = [.. Enumerable.Range(0, hartCount).Select(_ => new RecordingLine())];
        Supervisor = [.. Enumerable.Range(0, hartCount).Select(_ => new RecordingLine())];
        var lines = new PlicHartLines[hartCount];
        for (int hart = 0; hart < hartCount; hart++)
        {
            lines[hart] = new PlicHartLines(Machine[hart], Supervisor[hart]);
        }

        Device = new PlicDevice(lines);
    }

    public PlicDevice Device { get; }

    public RecordingLine[] Machine { get; }

    public RecordingLine[] Supervisor { get; }

    public static int SupervisorContext(int hart) => 2 * hart + 1;

    public uint Read(ulong offset)
    {
        Assert.That(Device.Read(offset, 4, out ulong value), Is.EqualTo(BusStatus.Ok));
        return (uint)value;
    }

    public void Write(ulong offset, uint value) =>
        Assert.That(Device.Write(offset, 4, value), Is.EqualTo(BusStatus.Ok));

    public void SetPriority(int source, uint priority) => Write(4 * (ulong)source, priority);

    public uint Pending(int source) => (Read(0x1000 + 4 * (ulong)(source / 32)) >> (source % 32)) & 1;

    public void Enable(int context, int source)
    {
        ulong offset = 0x2000 + 0x80 * (ulong)context + 4 * (ulong)(source / 32);
        Write(offset, Read(offset) | (1u << (source % 32)));
    }

    public void SetThreshold(int context, uint threshold) => Write(0x200000 + 0x1000 * (ulong)context, threshold);

    public uint Claim(int context) => Read(0x200004 + 0x1000 * (ulong)context);

    public void Complete(int context, uint source) => Write(0x200004 + 0x1000 * (ulong)context, source);
}
