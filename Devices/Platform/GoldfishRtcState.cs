using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.Platform;

/// <summary>The saved form of a <see cref="GoldfishRtc"/>.</summary>
/// <param name="Registers">The alarm, its status and enable, and the latched half of the time.</param>
/// <param name="OffsetNs">Time at cycle 0, in ns since 1970, modulo 2^64.</param>
/// <param name="InterruptPending">The alarm fired, and the request was not taken back.</param>
public sealed record GoldfishRtcState(ValueArray<ulong> Registers, ulong OffsetNs, bool InterruptPending);
