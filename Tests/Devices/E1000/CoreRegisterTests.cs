using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>The registers through the windows, against what Intel's own register test of the chip expects.</summary>
public sealed class CoreRegisterTests
{
    private static readonly uint[] Patterns = [0x5a5a5a5a, 0xa5a5a5a5, 0, 0xffffffff];

    /// <summary>
    /// Offset, bits compared, bits written, in the order of the test that Linux's driver runs (e1000_reg_test).
    /// </summary>
    private static readonly (ulong Offset, uint Read, uint Write)[] PatternRows =
    [
        (0x0028, 0xffffffff, 0xffffffff),
        (0x002c, 0x0000ffff, 0xffffffff),
        (0x0030, 0x0000ffff, 0xffffffff),
        (0x0038, 0x0000ffff, 0xffffffff),
        (0x2820, 0x0000ffff, 0xffffffff),
        (0x2804, 0xffffffff, 0xffffffff),
        (0x2808, 0x000fff80, 0x000fffff),
        (0x2810, 0x0000ffff, 0x0000ffff),
        (0x2818, 0x0000ffff, 0x0000ffff),
        (0x2168, 0x0000fff8, 0x0000fff8),
        (0x0170, 0x0000ffff, 0x0000ffff),
        (0x0410, 0x3fffffff, 0x3fffffff),
        (0x3804, 0xffffffff, 0xffffffff),
        (0x3808, 0x000fff80, 0x000fffff),
    ];

    private static readonly (ulong Offset, uint Read, uint Write)[] LaterPatternRows =
    [
        (0x2800, 0xfffffff0, 0xffffffff),
        (0x0178, 0xc000ffff, 0x0000ffff),
        (0x3800, 0xfffffff0, 0xffffffff),
        (0x3820, 0x0000ffff, 0x0000ffff),
    ];

    [Test]
    public void The_register_test_of_ethtool_passes_after_power_on()
    {
        using var driver = new E1000Driver();
        Assert.That(FirstWrongRegister(driver), Is.Null);
    }

    [Test]
    public void The_register_test_of_ethtool_passes_after_a_reset_at_any_cycle([Values(1, 2, 3, 4, 5)] int seed)
    {
        using var driver = new E1000Driver();
        var random = new Random(seed);
        for (int round = 0; round < 5; round++)
        {
            FirstWrongRegister(driver);
            driver.RunFor((ulong)random.Next(200_000));
            ResetByIo(driver);
            driver.RunFor((ulong)random.Next(5_000_000));
            Assert.That(FirstWrongRegister(driver), Is.Null);
        }
    }

    /// <summary>The test notices a card that keeps other bits: one whose VET has 12.</summary>
    [Test]
    public void The_register_test_fails_on_a_card_that_does_not_keep_a_bit()
    {
        using var driver = new E1000Driver();
        Assert.That(FirstWrongRegister(driver, offset => offset == 0x38 ? 0xfff : uint.MaxValue), Is.EqualTo(0x38));
    }

    [Test]
    public void A_receive_address_keeps_only_the_bits_that_it_has()
    {
        using var driver = new E1000Driver();
        for (int i = 0; i < 16; i++)
        {
            driver.Write(E1000Register.Rah, uint.MaxValue, i);
            Assert.That(driver.Read(E1000Register.Rah, i), Is.EqualTo(0x8003_ffff));
        }
    }

    /// <summary>
    /// Registers whose accesses act, so that the tests of the table leave them out: which of their bits can be set.
    /// </summary>
    [TestCase(E1000Register.Ctrl, 0x5bfc_1be9u, 0x5bfc_1be9u)]
    [TestCase(E1000Register.Eecd, 0x37u, 0x13fu)]
    [TestCase(E1000Register.Eerd, 0xff01u, 0xff01u)]
    [TestCase(E1000Register.CtrlExt, 0x2_9ccfu, 0x2_9ccfu)]
    [TestCase(E1000Register.Mdic, 0x0fff_ffffu, 0x5fff_ffffu)]
    [TestCase(E1000Register.Rctl, uint.MaxValue, 0x06df_b3feu)]
    [TestCase(E1000Register.Tctl, 0xffbf_ffffu, 0x033f_fffau)]
    [TestCase(E1000Register.Rdtr, uint.MaxValue, 0xffffu)]
    [TestCase(E1000Register.Icr, uint.MaxValue, 0u)]
    [TestCase(E1000Register.Status, uint.MaxValue, 0x283u)]
    [TestCase(E1000Register.Imc, uint.MaxValue, 0u)]
    [TestCase(E1000Register.Gorcl, uint.MaxValue, 0u)]
    [TestCase(E1000Register.Gorch, uint.MaxValue, 0u)]
    public void A_register_that_acts_keeps_the_bits_that_it_has(E1000Register register, uint written, uint read)
    {
        using var driver = new E1000Driver();
        driver.Write(register, written);
        Assert.That(driver.Peek(register), Is.EqualTo(read));
    }

    [TestCase(16u, 0u)]
    [TestCase(128u, 128u)]
    [TestCase(0xffffffffu, 0xfff80u)]
    public void A_ring_length_is_a_multiple_of_128(uint written, uint read)
    {
        using var driver = new E1000Driver();
        driver.Write(E1000Register.Rdlen, written);
        driver.Write(E1000Register.Tdlen, written);
        Assert.That(driver.Read(E1000Register.Rdlen), Is.EqualTo(read));
        Assert.That(driver.Read(E1000Register.Tdlen), Is.EqualTo(read));
    }

    [Test]
    public void The_high_halves_of_the_rings_are_zero_after_a_reset_for_xv6_never_writes_them()
    {
        using var driver = new E1000Driver();
        driver.Write(E1000Register.Tdbah, 5);
        driver.Write(E1000Register.Rdbah, 5);
        driver.Write(E1000Register.Ctrl, 1u << 26);
        Assert.That(driver.Read(E1000Register.Tdbah), Is.Zero);
        Assert.That(driver.Read(E1000Register.Rdbah), Is.Zero);
    }

    [TestCase(0x0004ul)]
    [TestCase(0x0000ul)]
    public void Both_places_of_the_control_register_are_one_register(ulong offset)
    {
        using var driver = new E1000Driver();
        driver.WriteAt(offset, 1u << 6 | 1u << 30);
        Assert.That(driver.ReadAt(0), Is.EqualTo(1u << 6 | 1u << 30));
        Assert.That(driver.ReadAt(4), Is.EqualTo(1u << 6 | 1u << 30));
    }

    [Test]
    public void A_store_of_a_part_changes_the_bytes_that_it_has()
    {
        using var driver = new E1000Driver();
        driver.Write(E1000Register.Fcal, 0x11223344);
        driver.WriteAt(0x29, 0xaa, 1);
        Assert.That(driver.Read(E1000Register.Fcal), Is.EqualTo(0x1122aa44));
        driver.WriteAt(0x2a, 0xbbcc, 2);
        Assert.That(driver.Read(E1000Register.Fcal), Is.EqualTo(0xbbccaa44));
        Assert.That(driver.ReadAt(0x2b, 1), Is.EqualTo(0xbb));
        Assert.That(driver.ReadAt(0x28, 2), Is.EqualTo(0xaa44));
    }

    [Test]
    public void A_store_of_eight_bytes_is_two_registers()
    {
        using var driver = new E1000Driver();
        driver.WriteAt(0x2800, 0x0000_0012_8765_4320, 8);
        Assert.That(driver.Read(E1000Register.Rdbal), Is.EqualTo(0x8765_4320));
        Assert.That(driver.Read(E1000Register.Rdbah), Is.EqualTo(0x12));
        Assert.That(driver.ReadAt(0x2800, 8), Is.EqualTo(0x0000_0012_8765_4320));
    }

    [Test]
    public void A_load_of_a_part_of_the_causes_clears_all_of_them()
    {
        using var driver = new E1000Driver();
        driver.Write(E1000Register.Ics, 0x1_0084);
        Assert.That(driver.ReadAt(0xc0, 1), Is.EqualTo(0x84));
        Assert.That(driver.Read(E1000Register.Icr), Is.Zero);
    }

    [Test]
    public void Where_no_register_is_loads_give_zero_and_stores_are_ignored()
    {
        using var driver = new E1000Driver();
        foreach (ulong offset in new ulong[] { 0x50, 0x1f000, 0x1fffc, 0x4044, 0x4100 })
        {
            driver.WriteAt(offset, uint.MaxValue);
            Assert.That(driver.ReadAt(offset), Is.Zero, $"0x{offset:x}");
        }
    }

    [TestCase(48u, 16u)]
    [TestCase(40u, 24u)]
    [TestCase(8u, 56u)]
    public void What_receiving_does_not_get_of_the_packet_buffer_transmitting_has(uint receiveKib, uint transmitKib)
    {
        using var driver = new E1000Driver();
        Assert.That(driver.Read(E1000Register.Pba), Is.EqualTo(0x0010_0030), "after reset");
        driver.Write(E1000Register.Pba, receiveKib);
        Assert.That(driver.Read(E1000Register.Pba), Is.EqualTo(transmitKib << 16 | receiveKib));
    }

    [Test]
    public void The_io_window_reaches_the_same_registers()
    {
        using var driver = new E1000Driver();
        driver.WritePort(0, 0x5408);
        driver.WritePort(4, 0xcafe_f00d);
        Assert.That(driver.Read(E1000Register.Ral, 1), Is.EqualTo(0xcafe_f00d));
        Assert.That(driver.ReadPort(0), Is.EqualTo(0x5408));
        Assert.That(driver.ReadPort(4), Is.EqualTo(0xcafe_f00d));
        Assert.That(driver.ReadPort(5, 1), Is.EqualTo(0xf0));
    }

    [Test]
    public void An_io_address_behind_the_registers_reaches_nothing()
    {
        using var driver = new E1000Driver();
        driver.WritePort(0, 0x2_0000);
        driver.WritePort(4, uint.MaxValue);
        Assert.That(driver.ReadPort(4), Is.Zero);
        Assert.That(driver.ReadPort(8), Is.Zero);
    }

    internal static void ResetByIo(E1000Driver driver)
    {
        uint control = driver.Read(E1000Register.Ctrl);
        driver.WritePort(0, 0);
        driver.WritePort(4, control | 1u << 26);
    }

    /// <summary>What the test of Linux's driver does, and the first offset that does not hold.</summary>
    private static ulong? FirstWrongRegister(E1000Driver driver, Func<ulong, uint>? fault = null)
    {
        uint Load(ulong offset) => (uint)driver.ReadAt(offset) & (fault?.Invoke(offset) ?? uint.MaxValue);

        uint before = Load(0x8) & 0xfffff833;
        driver.WriteAt(0x8, 0xfffff833);
        if ((Load(0x8) & 0xfffff833) != before)
        {
            return 0x8;
        }

        driver.WriteAt(0x8, before);
        var addresses = Enumerable.Range(0, 15).Select(i => (0x5404 + 8 * (ulong)i, 0x8003ffffu, 0xffffffffu));
        var multicast = Enumerable.Range(0, 128).Select(i => (0x5200 + 4 * (ulong)i, 0xffffffffu, 0xffffffffu));
        return FirstWrongPattern(driver, Load, PatternRows)
            ?? FirstWrongSet(driver, Load, (0x0100, 0xffffffff, 0), (0x0100, 0x06dfb3fe, 0x003ffffb))
            ?? FirstWrongSet(driver, Load, (0x0400, 0xffffffff, 0))
            ?? FirstWrongSet(driver, Load, (0x0100, 0x06dfb3fe, 0xffffffff))
            ?? FirstWrongPattern(driver, Load, [.. LaterPatternRows, .. addresses, .. multicast]);
    }

    private static ulong? FirstWrongPattern(
        E1000Driver driver, Func<ulong, uint> load, (ulong Offset, uint Read, uint Write)[] rows)
    {
        foreach (var (offset, read, write) in rows)
        {
            foreach (uint pattern in Patterns)
            {
                driver.WriteAt(offset, pattern & write);
                if (load(offset) != (pattern & write & read))
                {
                    return offset;
                }
            }
        }

        return null;
    }

    private static ulong? FirstWrongSet(
        E1000Driver driver, Func<ulong, uint> load, params (ulong Offset, uint Mask, uint Write)[] rows)
    {
        foreach (var (offset, mask, write) in rows)
        {
            driver.WriteAt(offset, write & mask);
            if ((load(offset) & mask) != (write & mask))
            {
                return offset;
            }
        }

        return null;
    }
}
