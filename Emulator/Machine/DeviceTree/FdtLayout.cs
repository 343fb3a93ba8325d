namespace RiscvXv6.Emulator.Machine.DeviceTree;

/// <summary>Constants of the flattened format (DT "Flattened Devicetree (DTB) Format").</summary>
internal static class FdtLayout
{
    public const uint Magic = 0xd00dfeed;
    public const uint Version = 17;
    public const uint LastCompatibleVersion = 16;
    public const int HeaderBytes = 40;
    public const int ReservationBytes = 16;

    public const uint BeginNode = 1;
    public const uint EndNode = 2;
    public const uint Prop = 3;
    public const uint Nop = 4;
    public const uint End = 9;

    public static int AlignCell(int offset) => (offset + 3) & ~3;
}
