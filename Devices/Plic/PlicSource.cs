using RiscvXv6.Devices.Interrupts;

namespace RiscvXv6.Devices.Plic;

/// <summary>The wire from a device to one source of the PLIC.</summary>
internal sealed class PlicSource(Plic plic, int id) : IInterruptLine
{
    public void Set(bool asserted) => plic.SetLevel(id, asserted);

    public void Pulse() => plic.Assert(id);
}
