namespace RiscvXv6.Tests.Contract;

/// <summary>The image that the disk guests expect: 64 sectors, byte i of sector n being 7n + i.</summary>
internal static class PatternDisk
{
    private const int Sectors = 64;
    private const int SectorSizeBytes = 512;

    public static byte[] Create()
    {
        byte[] bytes = new byte[Sectors * SectorSizeBytes];
        for (int sector = 0; sector < Sectors; sector++)
        {
            Fill(bytes, sector, 7);
        }

        return bytes;
    }

    /// <summary>The same after <c>check_disk</c>: sectors 8 to 15 hold 13n + i.</summary>
    public static byte[] CreateAsTheGuestsLeaveIt()
    {
        byte[] bytes = Create();
        for (int sector = 8; sector < 16; sector++)
        {
            Fill(bytes, sector, 13);
        }

        return bytes;
    }

    private static void Fill(byte[] bytes, int sector, int factor)
    {
        for (int index = 0; index < SectorSizeBytes; index++)
        {
            bytes[sector * SectorSizeBytes + index] = (byte)(factor * sector + index);
        }
    }
}
