using RiscvXv6.Devices.Interrupts;
using RiscvXv6.Emulator.Cpu;

namespace RiscvXv6.Emulator.Machine;

/// <summary>A wire into one bit of a hart's mip.</summary>
internal sealed class HartLine(Hart hart, int bit) : IInterruptLine
{
    public void Set(bool asserted) => hart.SetInterruptLine(bit, asserted);

    public void Pulse() => Set(true);
}
