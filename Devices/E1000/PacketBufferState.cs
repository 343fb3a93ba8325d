using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.E1000;

/// <summary>The saved form of a <see cref="PacketBuffer"/>.</summary>
/// <param name="CapacityBytes">What PBA gave to receiving.</param>
/// <param name="Packets">The frames, oldest first.</param>
/// <param name="HeadReleasedBytes">Bytes of the oldest frame that memory has already.</param>
/// <param name="Data">What follows them, of all frames.</param>
public sealed record PacketBufferState(
    int CapacityBytes,
    ValueArray<ReceivedPacket> Packets,
    int HeadReleasedBytes,
    ValueArray<byte> Data);
