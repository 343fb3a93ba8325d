using RiscvXv6.Devices.Net.Wire;

namespace RiscvXv6.Devices.E1000;

/// <summary>The card's EEPROM as its maker fills it (SDM "EEPROM Address Map").</summary>
internal static class EepromImage
{
    public const int WordCount = 64;
    public const int SubsystemIdWord = 0x0b;
    public const int ChecksumWord = 0x3f;

    /// <summary>What all words add up to.</summary>
    public const ushort ChecksumTotal = 0xbaba;

    private const ushort Unused = 0xffff;

    /// <summary>Fills the words for an address, checksum included.</summary>
    /// <param name="words">All 64.</param>
    /// <param name="mac">The card's address.</param>
    public static void Fill(Span<ushort> words, MacAddress mac)
    {
        words.Fill(Unused);
        Span<byte> address = stackalloc byte[MacAddress.SizeBytes];
        mac.Write(address);
        for (int i = 0; i < 3; i++)
        {
            words[i] = (ushort)(address[2 * i] | address[2 * i + 1] << 8);
        }

        words[0x03] = 0;
        words[0x05] = 0;

        // SDM "Initialization Control 1": signature 01b, full duplex, power management, load both identities.
        words[0x0a] = 0x440b;
        words[SubsystemIdWord] = E1000Configuration.SubsystemId;
        words[0x0c] = E1000Configuration.SubsystemVendorId;
        words[0x0d] = E1000Configuration.DeviceId;
        words[0x0e] = E1000Configuration.VendorId;

        // SDM "Initialization Control 2": PAUSE and ASM_DIR advertised.
        words[0x0f] = 0x3000;
        words[ChecksumWord] = 0;
        ushort sum = 0;
        foreach (ushort word in words)
        {
            sum += word;
        }

        words[ChecksumWord] = (ushort)(ChecksumTotal - sum);
    }
}
