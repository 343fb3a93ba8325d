using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.Uart;

/// <summary>The saved form of a <see cref="Uart"/>.</summary>
/// <param name="Registers">The stored registers.</param>
/// <param name="Received">Characters in the receiver, oldest first; bit 8 marks a break.</param>
/// <param name="TransmitterEmptyPending">The transmitter-empty cause waits to be seen.</param>
/// <param name="TimeoutPending">The character-timeout cause waits for a load of RBR.</param>
/// <param name="IsAttended">The guest has shown that it listens.</param>
/// <param name="TimeoutCycles">When the character timeout expires; all ones if it is not running.</param>
public sealed record UartState(
    ValueArray<ulong> Registers,
    ValueArray<ushort> Received,
    bool TransmitterEmptyPending,
    bool TimeoutPending,
    bool IsAttended,
    ulong TimeoutCycles);
