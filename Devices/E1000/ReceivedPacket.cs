using RiscvXv6.Devices.Net;

namespace RiscvXv6.Devices.E1000;

/// <summary>What the card knows of a frame in its receive FIFO.</summary>
/// <param name="LengthBytes">Bytes for the host: without what was stripped.</param>
/// <param name="WireBytes">Bytes on the wire from the destination address through the check sequence.</param>
/// <param name="Status">Bits of <see cref="ReceiveStatus"/> besides DD and EOP.</param>
/// <param name="Errors">Bits of <see cref="ReceiveErrors"/>.</param>
/// <param name="Checksum">The packet checksum.</param>
/// <param name="VlanTag">The tag that was stripped; 0 if none.</param>
/// <param name="Flags">What was wrong with it on the wire.</param>
/// <param name="HadNoBuffer">RNBC has counted it.</param>
/// <param name="Times">When it passed where.</param>
public readonly record struct ReceivedPacket(
    int LengthBytes,
    int WireBytes,
    byte Status,
    byte Errors,
    ushort Checksum,
    ushort VlanTag,
    FrameFlags Flags,
    bool HadNoBuffer,
    ArrivalTimes Times);
