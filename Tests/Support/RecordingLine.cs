using RiscvXv6.Devices.Interrupts;

namespace RiscvXv6.Tests.Support;

/// <summary>An interrupt line that remembers its level and counts what happened to it.</summary>
internal sealed class RecordingLine : IInterruptLine
{
    public bool Asserted { get; private set; }

    /// <summary>Times the line went from low to high.</summary>
    public int Rises { get; private set; }

    public int Pulses { get; private set; }

    public void Set(bool asserted)
    {
        if (asserted && !Asserted)
        {
            Rises++;
        }

        Asserted = asserted;
    }

    public void Pulse()
    {
        Asserted = true;
        Pulses++;
    }
}
