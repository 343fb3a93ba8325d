namespace RiscvXv6.Devices.Interrupts;

/// <summary>A wire that leads nowhere.</summary>
public sealed class UnconnectedLine : IInterruptLine
{
    public static UnconnectedLine Instance { get; } = new();

    public void Set(bool asserted)
    {
    }

    public void Pulse()
    {
    }
}
