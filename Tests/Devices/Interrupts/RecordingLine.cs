using RiscvXv6.Devices.Interrupts;

namespace RiscvXv6.Tests.Devices.Interrupts;

/// <summary>A wire's end that remembers its level and how often it was asserted anew.</summary>
internal sealed class RecordingLine : IInterruptLine
{
    public bool IsUp { get; private set; }

    /// <summary>Rising edges and pulses: what a controller that latches would latch.</summary>
    public int AssertionCount { get; private set; }

    public void Set(bool asserted)
    {
        if (asserted && !IsUp)
        {
            AssertionCount++;
        }

        IsUp = asserted;
    }

    public void Pulse()
    {
        AssertionCount++;
        IsUp = true;
    }
}
