using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.E1000;

/// <summary>The saved form of the EEPROM and its two ways in.</summary>
/// <param name="Words">All 64.</param>
/// <param name="ShiftRegister">Bits shifted in since the start bit, the start bit first.</param>
/// <param name="ShiftCount">How many, the start bit included; 0 before it.</param>
/// <param name="OutputRegister">Bits to shift out, the next one highest of 17.</param>
/// <param name="OutputCount">How many are left.</param>
/// <param name="IsWriteEnabled">The write-enable instruction was given.</param>
/// <param name="IsGranted">EECD.EE_GNT.</param>
/// <param name="GrantCycles">When a request is granted; all ones if there is none.</param>
/// <param name="ReadCycles">When EERD's read completes; all ones if there is none.</param>
/// <param name="AutoReadEndCycle">When the chip has read its own configuration.</param>
public sealed record EepromState(
    ValueArray<ushort> Words,
    uint ShiftRegister,
    int ShiftCount,
    uint OutputRegister,
    int OutputCount,
    bool IsWriteEnabled,
    bool IsGranted,
    ulong GrantCycles,
    ulong ReadCycles,
    ulong AutoReadEndCycle);
