namespace RiscvXv6.Devices.Platform;

/// <summary>The saved form of a <see cref="Finisher"/>, which has no state.</summary>
public sealed record FinisherState;
