using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.Uart;

/// <summary>The saved form of a <see cref="SerialInput"/>.</summary>
/// <param name="Pending">Characters not yet delivered, oldest first; 0x100 is a break.</param>
/// <param name="LineFreeCycles">When the line has carried the last one delivered.</param>
public sealed record SerialInputState(ValueArray<ushort> Pending, ulong LineFreeCycles);
