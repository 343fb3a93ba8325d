using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Devices.Net;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Devices.E1000;

/// <summary>
/// What the card says under <see cref="E1000Fidelity.Lab"/> of mistakes that show in register accesses.
/// </summary>
public sealed class CoreAdviceTests
{
    private static readonly (string Name, string Sentence, Action<E1000Driver> Mistake)[] Mistakes =
    [
        ("D2: the tail passes the head", "TDT=1 passes TDH=1", OvertakeHead),
        ("D3: the transmit tail outside the ring", "TDT=16 lies outside the ring of 16", static driver =>
            driver.Write(E1000Register.Tdt, 16)),
        ("D3: the receive tail outside the ring", "RDT=16 lies outside the ring of 16", static driver =>
            driver.Write(E1000Register.Rdt, 16)),
        ("D7: an empty receive ring", "RDT=RDH=0 means that the ring is empty", static driver =>
            driver.Write(E1000Register.Rdt, 0)),
        ("D13: a receive ring of one descriptor", "RDLEN=0x10 became 0x0", static driver =>
        {
            driver.Write(E1000Register.Rctl, 0);
            driver.Write(E1000Register.Rdlen, 16);
        }),
        ("D13: a transmit ring of one descriptor", "TDLEN=0x10 became 0x0", static driver =>
        {
            driver.Write(E1000Register.Tctl, 0);
            driver.Write(E1000Register.Tdlen, 16);
        }),
        ("D13: a receive ring that is not aligned", "RDBAL=0x80020008 became 0x80020000", static driver =>
        {
            driver.Write(E1000Register.Rctl, 0);
            driver.Write(E1000Register.Rdbal, 0x8002_0008);
        }),
        ("D13: a transmit ring that is not aligned", "TDBAL=0x80010008 became 0x80010000", static driver =>
        {
            driver.Write(E1000Register.Tctl, 0);
            driver.Write(E1000Register.Tdbal, 0x8001_0008);
        }),
        ("D15: IMS = 0", "IMS=0 changes nothing", static driver => driver.Write(E1000Register.Ims, 0)),
        ("D16: the wrong reset bit", "RST is bit 26", static driver =>
            driver.Write(E1000Register.Ctrl, driver.Read(E1000Register.Ctrl) | 0x0040_0000)),
        ("D17: an access right after the reset", "register 0xd8 was accessed within 1 us of CTRL.RST", static driver =>
        {
            driver.Write(E1000Register.Ctrl, 1u << 26);
            driver.RunFor(999);
            driver.Write(E1000Register.Imc, uint.MaxValue);
        }),
        ("D22: no bus master at the start", "set bit 2 (bus master)", static driver =>
        {
            driver.WriteConfig(4, 3, 2);
            driver.SetUpReceive();
        }),
        ("D22: no bus master when sending", "set bit 2 (bus master)", static driver =>
        {
            driver.WriteConfig(4, 3, 2);
            driver.Send(E1000Driver.Frame(60));
        }),
        ("D25: SECRC off", "RCTL.SECRC is 0", static driver =>
        {
            driver.Write(E1000Register.Rctl, 0);
            driver.Write(E1000Register.Rctl, 1u << 1 | 1u << 15);
        }),
        ("D27: the receive ring moved while it works",
            "register 0x2800 of the RX ring was written while RCTL.EN is 1", static driver =>
            driver.Write(E1000Register.Rdbal, 0x8003_0000)),
        ("D27: the transmit head written while it works",
            "register 0x3810 of the TX ring was written while TCTL.EN is 1", static driver =>
            driver.Write(E1000Register.Tdh, 0)),
        ("a store where no register is", "a store to 0x50", static driver => driver.WriteAt(0x50, 1)),
        ("a load where no register is", "a load from 0x54", static driver => driver.ReadAt(0x54)),
        ("a store of a byte",
            "register 0x2818 was accessed with 1 bytes", static driver => driver.WriteAt(0x2818, 3, 1)),
        ("D1: a descriptor that is done before it is sent",
            "TX descriptor 0 was handed over with DD already set", static driver =>
        {
            int index = driver.Queue(E1000Driver.Frame(60));
            driver.Memory.TryWriteUInt32(E1000Driver.TransmitDescriptor(index) + 12, 1);
            driver.RingTransmit();
            driver.RunFor(10_000);
        }),
        ("D4: no RS", "TX descriptor 14 was sent without RS", static driver =>
        {
            for (int frame = 0; frame < 15; frame++)
            {
                driver.Send(E1000Driver.Frame(60), E1000Driver.EndOfPacket | E1000Driver.InsertFcs);
                driver.RunFor(10_000);
            }
        }),
        ("D9: no descriptor for 10 ms", "RDT has not moved for 10000 us", static driver =>
        {
            Receive(driver, 15);
            driver.RunFor(9_900_000);
            Receive(driver);
        }),
        ("D14: a head polled", "register 0x3810, a head, was read again and again", static driver =>
        {
            for (int read = 0; read < 16; read++)
            {
                driver.Read(E1000Register.Tdh);
            }
        }),
        ("D19: an interrupt that nobody acknowledges",
            "32 RX descriptors were given back while the interrupt was asserted", static driver =>
        {
            for (int frame = 0; frame < 33; frame++)
            {
                Receive(driver);
                driver.TakeReceived();
            }
        }),
        ("D5: no EOP", "TX descriptor 0 is the last before TDT but has no EOP", static driver =>
        {
            driver.Send(E1000Driver.Frame(60), E1000Driver.InsertFcs | E1000Driver.ReportStatus);
            driver.RunFor(10_000);
        }),
        ("D18: no IFCS", "TX descriptor 0 has no IFCS", static driver =>
        {
            driver.Send(E1000Driver.Frame(60), E1000Driver.EndOfPacket | E1000Driver.ReportStatus);
            driver.RunFor(10_000);
        }),
        ("D23: a transmit buffer at a virtual address",
            "TX descriptor 0 has a buffer at 0x3fffffe000, where no memory is", static driver =>
        {
            int index = driver.Queue(E1000Driver.Frame(60));
            driver.Memory.TryWriteUInt64(E1000Driver.TransmitDescriptor(index), 0x3f_ffff_e000);
            driver.RingTransmit();
            driver.RunFor(10_000);
        }),
        ("D23: a transmit ring with a wrong high half",
            "the TX ring is at 0x180010000, where no memory is", static driver =>
        {
            driver.Write(E1000Register.Tctl, 0);
            driver.Write(E1000Register.Tdbah, 1);
            driver.Write(E1000Register.Tctl, E1000Driver.TransmitControl);
            driver.Send(E1000Driver.Frame(60));
            driver.RunFor(10_000);
        }),
        ("D8: a received descriptor given back as it is",
            "RX descriptor 0 was given back with status 0x", static driver =>
        {
            Receive(driver, 2);
            driver.Write(E1000Register.Rdt, 1);
            Receive(driver, 20);
        }),
        ("D23: a receive buffer at a virtual address",
            "RX descriptor 0 has a buffer at 0x3fffffe000, where no memory is", static driver =>
        {
            driver.Memory.TryWriteUInt64(E1000Driver.ReceiveDescriptor(0), 0x3f_ffff_e000);
            Receive(driver);
        }),
        ("D29: a receive buffer at address 0", "RX descriptor 0 has the address 0", static driver =>
        {
            driver.Memory.TryWriteUInt64(E1000Driver.ReceiveDescriptor(0), 0);
            Receive(driver);
        }),
        ("D23: a receive ring with a wrong high half",
            "the RX ring is at 0x180020000, where no memory is", static driver =>
        {
            driver.Write(E1000Register.Rctl, 0);
            driver.Write(E1000Register.Rdbah, 1);
            driver.Write(E1000Register.Rctl, E1000Driver.ReceiveControl);
            Receive(driver);
        }),
    ];

    private static IEnumerable<TestCaseData> Cases() =>
        from item in Mistakes
        select new TestCaseData(item.Sentence, item.Mistake) { TestName = $"The_card_tells_of({item.Name})" };

    private static IEnumerable<TestCaseData> SilentCases() =>
        from item in Mistakes
        select new TestCaseData(item.Mistake) { TestName = $"A_lenient_card_says_nothing_of({item.Name})" };

    [TestCaseSource(nameof(Cases))]
    public void The_card_tells_of(string sentence, object mistake)
    {
        using var driver = SetUp(E1000Fidelity.Lab);
        Assert.That(driver.Sentences, Is.Empty, "a correct driver hears nothing");
        ((Action<E1000Driver>)mistake)(driver);
        Assert.That(driver.Sentences, Has.Some.Contains(sentence));
        ((Action<E1000Driver>)mistake)(driver);
        var told = driver.Sentences.Where(said => said.Contains(sentence, StringComparison.Ordinal));
        Assert.That(told.Count(), Is.EqualTo(1), "only once");
    }

    [TestCaseSource(nameof(SilentCases))]
    public void A_lenient_card_says_nothing_of(object mistake)
    {
        using var driver = SetUp(E1000Fidelity.Lenient);
        ((Action<E1000Driver>)mistake)(driver);
        Assert.That(driver.Sentences, Is.Empty);
    }

    [Test]
    public void A_correct_driver_that_goes_many_times_round_its_rings_hears_nothing()
    {
        using var driver = SetUp(E1000Fidelity.Lab);
        for (int frame = 0; frame < 200; frame++)
        {
            int index = driver.Send(E1000Driver.Frame(60, frame));
            if (frame % 15 == 14)
            {
                driver.RunUntil(() => driver.IsSent(index));
            }
        }

        for (int frame = 0; frame < 200; frame++)
        {
            Receive(driver);
            driver.Read(E1000Register.Icr);
            Assert.That(driver.TakeReceived(), Is.Not.Null);
        }

        Assert.That(driver.Sentences, Is.Empty);
    }

    /// <summary>
    /// Intel's register test stores to STATUS; drivers flush stores by a load of it; nothing is wrong with that.
    /// </summary>
    [Test]
    public void Registers_for_one_way_only_are_no_mistake_the_other_way()
    {
        using var driver = SetUp(E1000Fidelity.Lab);
        driver.Write(E1000Register.Status, uint.MaxValue);
        Assert.That(driver.Read(E1000Register.Ics), Is.Zero);
        Assert.That(driver.Sentences, Is.Empty);
    }

    /// <summary>A ring is set up, then enabled, as the manual says; the reset was long ago.</summary>
    private static E1000Driver SetUp(E1000Fidelity fidelity)
    {
        var driver = new E1000Driver(fidelity);
        driver.Write(E1000Register.Imc, uint.MaxValue);
        driver.Write(E1000Register.Ctrl, 1u << 26);
        driver.RunFor(1_000_000);
        driver.Write(E1000Register.Imc, uint.MaxValue);
        driver.SetUpTransmit();
        driver.SetUpReceive();
        driver.Write(E1000Register.Ims, 0x80);
        return driver;
    }

    private static void Receive(E1000Driver driver, int count = 1)
    {
        for (int frame = 0; frame < count; frame++)
        {
            driver.Cable.Client.Receive(E1000Driver.Frame(60, frame), FrameInfo.None);
        }

        driver.RunFor(100_000);
    }

    /// <summary>Sixteen frames into a ring of sixteen, of which the card has taken one.</summary>
    private static void OvertakeHead(E1000Driver driver)
    {
        driver.Send(E1000Driver.Frame(60));
        driver.RunUntil(() => driver.Read(E1000Register.Tdh) == 1);
        for (int frame = 1; frame <= 16; frame++)
        {
            driver.Queue(E1000Driver.Frame(60, frame));
        }

        driver.Write(E1000Register.Tdt, 0);
        driver.Write(E1000Register.Tdt, 1);
    }
}
