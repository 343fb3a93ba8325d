using NUnit.Framework;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Tests.Machine.Boot;

public sealed class BootRomTests
{
    /// <summary>
    /// QEMU 7.2, read in its monitor with <c>xp /24wx 0x1000</c>: <c>-machine virt -m 128M -kernel</c> the S-mode U-Boot.
    /// </summary>
    private static readonly uint[] OfQemu =
    [
        0x00000297, 0x02828613, 0xf1402573, 0x0202b583,
        0x0182b283, 0x00028067, 0x80000000, 0x00000000,
        0x87e00000, 0x00000000, 0x4942534f, 0x00000000,
        0x00000002, 0x00000000, 0x80200000, 0x00000000,
        0x00000001, 0x00000000, 0x00000000, 0x00000000,
        0x00000000, 0x00000000,
    ];

    [Test]
    public void The_ROM_is_QEMUs_word_for_word()
    {
        var words = new uint[OfQemu.Length];
        byte[] rom = new BootRom(0x8000_0000, 0x87e0_0000, 0x8020_0000).ToBytes();
        Buffer.BlockCopy(rom, 0, words, 0, rom.Length);

        Assert.That(rom, Has.Length.EqualTo(0x28 + 0x30), "mrom.reset and mrom.finfo of QEMU's \"info roms\"");
        Assert.That(words, Is.EqualTo(OfQemu));
    }

    [Test]
    public void Addresses_above_4_GiB_keep_their_high_half()
    {
        byte[] rom = new BootRom(0x8000_0000, 0x1_2345_6789, 0x9_8765_4321).ToBytes();

        Assert.That(BitConverter.ToUInt64(rom, 32), Is.EqualTo(0x1_2345_6789));
        Assert.That(BitConverter.ToUInt64(rom, 56), Is.EqualTo(0x9_8765_4321));
    }
}
