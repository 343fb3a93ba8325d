using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net.Wire;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>The EEPROM by EERD and by its pins, as Microwire drivers drive them.</summary>
public sealed class CoreEepromTests
{
    private const uint Clock = 1;
    private const uint Select = 2;
    private const uint In = 4;
    private const uint Out = 8;
    private const uint Request = 0x40;
    private const uint Grant = 0x80;

    [Test]
    public void The_words_add_up_to_BABA_by_both_ways([Values] bool afterReset)
    {
        using var driver = new E1000Driver();
        if (afterReset)
        {
            driver.Write(E1000Register.Ctrl, 1u << 26);
        }

        ushort[] words = ReadAll(driver);
        Assert.That(words.Sum(word => word) & 0xffff, Is.EqualTo(0xbaba));
        Acquire(driver);
        Assert.That(Enumerable.Range(0, 64).Select(address => ReadByPins(driver, address)), Is.EqualTo(words));
    }

    [TestCase("52:54:00:12:34:56", 0x5452, 0x1200, 0x5634)]
    [TestCase("02:00:5e:10:00:fe", 0x0002, 0x105e, 0xfe00)]
    [TestCase("00:00:00:00:00:01", 0x0000, 0x0000, 0x0100)]
    public void The_first_words_are_the_cards_address_and_the_sum_still_fits(
        string mac, int word0, int word1, int word2)
    {
        MacAddress.TryParse(mac, out var address);
        using var driver = new E1000Driver(change: options => options with { Mac = address });
        ushort[] words = ReadAll(driver);
        Assert.That(words.Take(3), Is.EqualTo(new[] { word0, word1, word2 }));
        Assert.That(words.Sum(word => word) & 0xffff, Is.EqualTo(0xbaba));
        Assert.That(driver.Read(E1000Register.Ral), Is.EqualTo((uint)(word1 << 16 | word0)));
        Assert.That(driver.Read(E1000Register.Rah), Is.EqualTo(1u << 31 | (uint)word2));
    }

    [Test]
    public void The_words_tell_the_same_identity_as_the_configuration_space()
    {
        using var driver = new E1000Driver();
        ushort[] words = ReadAll(driver);
        Assert.That(words[0x0a] >> 14, Is.EqualTo(1), "the signature of a valid image");
        Assert.That(words[0x0b], Is.EqualTo(driver.ReadConfig(0x2e, 2)));
        Assert.That(words[0x0c], Is.EqualTo(driver.ReadConfig(0x2c, 2)));
        Assert.That(words[0x0d], Is.EqualTo(0x100e));
        Assert.That(words[0x0e], Is.EqualTo(0x8086));
    }

    /// <summary>A Microwire read is 26 bits; at 1 MHz that is 26 us.</summary>
    [TestCase(1000, 26_000ul)]
    [TestCase(100, 2_600ul)]
    public void A_read_is_done_after_its_time_and_not_before(int megahertz, ulong cycles)
    {
        using var driver = new E1000Driver(megahertz: megahertz);
        driver.RunTo(123);
        driver.Write(E1000Register.Eerd, 0x0d << 8 | 1);
        driver.RunTo(123 + cycles - 1);
        Assert.That(driver.Read(E1000Register.Eerd) & 0x10, Is.Zero);
        driver.RunTo(123 + cycles);
        Assert.That(driver.Read(E1000Register.Eerd), Is.EqualTo(0x100e_0d10));
    }

    [Test]
    public void Without_the_start_bit_nothing_is_read()
    {
        using var driver = new E1000Driver();
        driver.Write(E1000Register.Eerd, 0x0d << 8);
        driver.RunFor(1_000_000);
        Assert.That(driver.Read(E1000Register.Eerd) & 0xffff_0010, Is.Zero);
    }

    [Test]
    public void The_pins_are_granted_on_request_and_taken_back()
    {
        using var driver = new E1000Driver();
        Assert.That(driver.Read(E1000Register.Eecd) & (Request | Grant), Is.Zero);
        Assert.That(driver.Read(E1000Register.Eecd) & 0x130, Is.EqualTo(0x110), "present, flash writes disabled");
        driver.Write(E1000Register.Eecd, 0x110 | Request);
        Assert.That(driver.Read(E1000Register.Eecd) & Grant, Is.EqualTo(Grant));
        driver.Write(E1000Register.Eecd, 0x110);
        Assert.That(driver.Read(E1000Register.Eecd) & Grant, Is.Zero);
    }

    /// <summary>The chip reads 16 words of 26 bits first: 416 us.</summary>
    [Test]
    public void After_a_reset_the_pins_are_granted_when_the_chip_has_read_its_own_words()
    {
        using var driver = new E1000Driver();
        driver.Write(E1000Register.Ctrl, 1u << 26);
        driver.Write(E1000Register.Eecd, Request);
        driver.RunTo(415_999);
        Assert.That(driver.Read(E1000Register.Eecd) & Grant, Is.Zero);
        driver.RunTo(416_000);
        Assert.That(driver.Read(E1000Register.Eecd) & Grant, Is.EqualTo(Grant));
    }

    [Test]
    public void Pins_that_were_not_granted_do_nothing()
    {
        using var driver = new E1000Driver();
        Assert.That(ReadByPins(driver, 0x0e), Is.EqualTo(0xffff), "the pull-up");
        Acquire(driver);
        Assert.That(ReadByPins(driver, 0x0e), Is.EqualTo(0x8086));
    }

    [Test]
    public void A_word_is_written_only_after_writing_was_enabled()
    {
        using var driver = new E1000Driver();
        Acquire(driver);
        WriteByPins(driver, 0x30, 0x1234);
        Assert.That(ReadByPins(driver, 0x30), Is.EqualTo(0xffff));
        Command(driver, 0b100_11_0000);
        WriteByPins(driver, 0x30, 0x1234);
        Assert.That(ReadByPins(driver, 0x30), Is.EqualTo(0x1234));
        Command(driver, 0b100_00_0000);
        WriteByPins(driver, 0x30, 0x4321);
        Assert.That(ReadByPins(driver, 0x30), Is.EqualTo(0x1234));
    }

    [Test]
    public void A_new_address_in_the_words_is_the_cards_after_the_next_reset([Values] bool byExtendedControl)
    {
        using var driver = new E1000Driver();
        Acquire(driver);
        Command(driver, 0b100_11_0000);
        WriteByPins(driver, 2, 0xbeef);
        Assert.That(driver.Read(E1000Register.Rah), Is.EqualTo(0x8000_5634));
        if (byExtendedControl)
        {
            driver.Write(E1000Register.CtrlExt, 1u << 13);
            Assert.That(driver.Read(E1000Register.CtrlExt), Is.Zero, "the bit clears itself");
        }
        else
        {
            driver.Write(E1000Register.Ctrl, 1u << 26);
        }

        Assert.That(driver.Read(E1000Register.Rah), Is.EqualTo(0x8000_beef));
    }

    [Test]
    public void Words_can_be_erased_and_filled_together()
    {
        using var driver = new E1000Driver();
        Acquire(driver);
        Command(driver, 0b100_11_0000);
        Command(driver, 0b111_00_0101);
        Assert.That(ReadByPins(driver, 5), Is.EqualTo(0xffff));
        Shift(driver, 0b100_01_0000, 9);
        Shift(driver, 0x00ff, 16);
        Deselect(driver);
        Assert.That(ReadByPins(driver, 0), Is.EqualTo(0x00ff));
        Assert.That(ReadByPins(driver, 63), Is.EqualTo(0x00ff));
        Command(driver, 0b100_10_0000);
        Assert.That(ReadByPins(driver, 63), Is.EqualTo(0xffff));
    }

    private static ushort[] ReadAll(E1000Driver driver)
    {
        ushort[] words = new ushort[64];
        for (uint address = 0; address < 64; address++)
        {
            driver.Write(E1000Register.Eerd, address << 8 | 1);
            driver.RunUntil(() => (driver.Read(E1000Register.Eerd) & 0x10) != 0);
            words[address] = (ushort)(driver.Read(E1000Register.Eerd) >> 16);
        }

        return words;
    }

    private static void Acquire(E1000Driver driver)
    {
        driver.Write(E1000Register.Eecd, Request);
        driver.RunUntil(() => (driver.Read(E1000Register.Eecd) & Grant) != 0);
    }

    private static ushort ReadByPins(E1000Driver driver, int address)
    {
        Shift(driver, 0b110 << 6 | address, 9);
        ushort word = 0;
        for (int bit = 0; bit < 16; bit++)
        {
            Pins(driver, Select | Clock);
            word = (ushort)(word << 1 | ((driver.Read(E1000Register.Eecd) & Out) != 0 ? 1 : 0));
            Pins(driver, Select);
        }

        Deselect(driver);
        return word;
    }

    private static void WriteByPins(E1000Driver driver, int address, int word)
    {
        Shift(driver, 0b101 << 6 | address, 9);
        Shift(driver, word, 16);
        Deselect(driver);
    }

    private static void Command(E1000Driver driver, int bits)
    {
        Shift(driver, bits, 9);
        Deselect(driver);
    }

    private static void Shift(E1000Driver driver, int bits, int count)
    {
        for (int bit = count - 1; bit >= 0; bit--)
        {
            uint data = (bits >> bit & 1) != 0 ? In : 0;
            Pins(driver, Select | data);
            Pins(driver, Select | data | Clock);
            Pins(driver, Select | data);
        }
    }

    private static void Deselect(E1000Driver driver) => Pins(driver, 0);

    private static void Pins(E1000Driver driver, uint pins) =>
        driver.Write(E1000Register.Eecd, driver.Read(E1000Register.Eecd) & Request | pins);
}
