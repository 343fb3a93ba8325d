using NUnit.Framework;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Tests.Devices.E1000;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>
/// Hostile descriptors and registers: no exception, no endless work, no transfer after a reset, and no frame that the
/// manual does not allow.
/// </summary>
public sealed class E1000TransmitFuzzTests
{
    private const int DescriptorRounds = 250;
    private const int RegisterRounds = 60;
    private const int RingDescriptors = 256;

    private static readonly E1000Register[] Registers =
    [
        E1000Register.Tctl, E1000Register.Tipg, E1000Register.Tdbal, E1000Register.Tdbah, E1000Register.Tdlen, E1000Register.Tdh,
        E1000Register.Tdt, E1000Register.Txdctl, E1000Register.Tidv, E1000Register.Tadv, E1000Register.Ait, E1000Register.Pba,
        E1000Register.Fcttv, E1000Register.Vet, E1000Register.Fct,
    ];

    [Test]
    public void Hostile_descriptors_do_no_harm()
    {
        int descriptors = 0;
        int frames = 0;
        for (int seed = 0; seed < DescriptorRounds; seed++)
        {
            var random = new Random(seed);
            CountingMemory? memory = null;
            using var driver = new E1000Driver(memory: ram => memory = new CountingMemory(ram));
            driver.SetUpTransmit(RingDescriptors);
            driver.Write(E1000Register.Ctrl, driver.Read(E1000Register.Ctrl) | (random.Next(2) == 0 ? 1u << 30 : 0));
            for (int round = 0; round < 16; round++)
            {
                for (int index = 0; index < RingDescriptors - 1; index++)
                {
                    Hostile(driver, random, ((round * (RingDescriptors - 1)) + index) % RingDescriptors);
                }

                driver.Write(E1000Register.Tdt, (uint)((round + 1) * (RingDescriptors - 1) % RingDescriptors));
                driver.RunFor(50_000_000);
                Assert.That(driver.Peek(E1000Register.Tdh), Is.EqualTo(driver.Peek(E1000Register.Tdt)), $"seed {seed}");
                descriptors += RingDescriptors - 1;
            }

            Assert.That(driver.Cable.Frames.Select(frame => frame.Bytes.Length), Is.All.InRange(1, 16_288 + 4));
            frames += driver.Cable.Frames.Count;
            driver.Write(E1000Register.Ctrl, 1u << 26);
            int accesses = memory!.Accesses;
            driver.RunFor(10_000_000);
            Assert.That(memory.Accesses, Is.EqualTo(accesses));
        }

        Assert.That(descriptors, Is.GreaterThan(1_000_000));
        Assert.That(frames, Is.GreaterThan(20_000));
    }

    [Test]
    public void Hostile_register_sequences_do_no_harm()
    {
        for (int seed = 0; seed < RegisterRounds; seed++)
        {
            var random = new Random(seed);
            using var driver = new E1000Driver();
            driver.SetUpTransmit(RingDescriptors);
            for (int index = 0; index < RingDescriptors; index++)
            {
                Hostile(driver, random, index);
            }

            for (int step = 0; step < 2_000; step++)
            {
                switch (random.Next(8))
                {
                    case 0:
                        driver.RunFor((ulong)random.Next(20_000));
                        break;
                    case 1:
                        driver.Write(E1000Register.Tctl, E1000Driver.TransmitControl);
                        break;
                    case 2:
                        driver.Write(E1000Register.Tdbal, (uint)E1000Driver.TransmitRing);
                        driver.Write(E1000Register.Tdbah, 0);
                        break;
                    case 3 when random.Next(20) == 0:
                        driver.Card.SetLink(random.Next(2) == 0);
                        break;
                    case 4 when random.Next(20) == 0:
                        driver.Write(E1000Register.Ctrl, random.Next(2) == 0 ? 1u << 26 : 0x249);
                        break;
                    default:
                        driver.Write(Registers[random.Next(Registers.Length)], Value(random));
                        break;
                }
            }

            // A reset heals whatever it was.
            driver.Card.SetLink(true);
            driver.Write(E1000Register.Ctrl, 1u << 26);
            driver.RunUntil(() => (driver.Peek(E1000Register.Status) & 2) != 0, 10_000_000_000);
            driver.Cable.Forget();
            driver.SetUpTransmit();
            driver.Send(E1000Driver.Frame(60));
            driver.RunFor(10_000);
            Assert.That(driver.Cable.Frames, Has.Count.EqualTo(1), $"seed {seed}");
        }
    }

    private static uint Value(Random random) => random.Next(4) switch
    {
        0 => (uint)random.Next(),
        1 => (uint)random.Next(300),
        2 => 1u << random.Next(32),
        _ => uint.MaxValue << random.Next(32),
    };

    private static void Hostile(E1000Driver driver, Random random, int index)
    {
        ulong address = random.Next(6) switch
        {
            0 => 0,
            1 => ulong.MaxValue - (ulong)random.Next(100),
            2 => E1000Driver.MemoryBase + E1000Driver.MemoryBytes - (ulong)random.Next(200),
            _ => E1000Driver.TransmitBuffers + (ulong)random.Next(0x10_0000),
        };
        ulong high = (ulong)random.NextInt64() ^ (ulong)random.NextInt64() << 1;

        // Mostly lengths that a packet can have.
        high = random.Next(4) == 0 ? high : high & ~0xf_fffful | (uint)random.Next(2_000) | (ulong)(uint)random.Next(3) << 20;
        bool isContext = (high >> 20 & 0xf) == 0 && (high >> 29 & 1) != 0;
        driver.Memory.TryWriteUInt64(E1000Driver.TransmitDescriptor(index), isContext ? (ulong)random.NextInt64() : address);
        driver.Memory.TryWriteUInt64(E1000Driver.TransmitDescriptor(index) + 8, high);
    }
}
