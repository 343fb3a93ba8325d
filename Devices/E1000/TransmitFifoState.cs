using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.E1000;

/// <summary>The saved form of the transmit FIFO.</summary>
/// <param name="Bytes">All frames' bytes, oldest first.</param>
/// <param name="Frames">The frames, oldest first.</param>
public sealed record TransmitFifoState(ValueArray<byte> Bytes, ValueArray<FifoFrame> Frames);
