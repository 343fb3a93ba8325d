using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;
using RiscvXv6.Tests.Support;
using RiscvXv6.Tests.Xv6;

namespace RiscvXv6.Tests.Diagnostics;

/// <summary>
/// Guest memory that may hold anything: it is overwritten at random in a running xv6, and every view asked. None may fail, write
/// without end or take long. <c>RISCVXV6_SEED</c> begins elsewhere, <c>RISCVXV6_FUZZ_SECONDS</c> goes on for so long.
/// </summary>
[TestFixture]
internal sealed unsafe class HostileMemoryTests
{
    private const int Rounds = 150;
    private const int MostCharacters = 400_000;
    private const ulong RamBase = 0x8000_0000;

    private static readonly (string Command, string Arguments)[] Questions =
    [
        ("info ps", ""), ("info locks", ""), ("info pagetable", "1"), ("info pagetable", "2"), ("info pagetable", "kernel"), ("info pagetable", ""),
        ("backtrace", "0"), ("backtrace", "1"), ("backtrace", "pid 1"), ("backtrace", "pid 2"), ("backtrace", "pid 3"), ("info hang", ""),
    ];

    /// <summary>No leaf in it, and 134 million ways through it.</summary>
    [Test]
    public void A_page_table_of_nothing_but_itself_is_given_up_soon()
    {
        using var machine = new DiagnosedMachine(new GuestRequest(Xv6Guest.Kernel)
        {
            LegacyVirtio = false,
            Disks = [Xv6Guest.Disk()],
            Script = [new(Xv6Guest.Prompt, null)],
        });
        machine.RunUntil(100_000_000);
        machine.Programs.Kernel!.Symbols.TryFindAddress("kernel_pagetable", out ulong table);
        machine.Machine.Bus.Peek(table, 8, out ulong root);
        byte[] itself = new byte[4096];
        for (int entry = 0; entry < itself.Length; entry += 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(itself.AsSpan(entry), root >> 12 << 10 | 1);
        }

        machine.Machine.Harts[0].Ram.TryWrite(root, itself);
        var clock = Stopwatch.StartNew();
        Assert.That(machine.Ask("info pagetable", "kernel"), Does.Contain("does it contain itself"));
        Assert.That(clock.Elapsed.TotalSeconds, Is.LessThan(20));
    }

    [Test]
    public void No_view_fails_or_goes_on_for_ever_whatever_is_in_memory()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("RISCVXV6_SEED"), CultureInfo.InvariantCulture, out int first) ? first : 1;
        int? seconds = int.TryParse(Environment.GetEnvironmentVariable("RISCVXV6_FUZZ_SECONDS"), CultureInfo.InvariantCulture, out int number) ? number : null;
        using var machine = new DiagnosedMachine(new GuestRequest(Xv6Guest.Kernel)
        {
            Harts = 2,
            LegacyVirtio = false,
            Disks = [Xv6Guest.Disk()],
            Script = [new(Xv6Guest.Prompt, "cat | wc\n")],
        });
        machine.RunUntil(1_000_000_000);
        var symbols = machine.Programs.Kernel!.Symbols;
        symbols.TryFindAddress("proc", out ulong proc);
        symbols.TryFindAddress("kernel_pagetable", out ulong table);
        machine.Machine.Bus.Peek(table, 8, out ulong root);
        var ram = machine.Machine.Harts[0].Ram;
        byte[] saved = new byte[4 << 20];
        ram.TryRead(RamBase, saved);
        var watch = Stopwatch.StartNew();
        int rounds = 0;
        for (; seconds is null ? rounds < Rounds : watch.Elapsed.TotalSeconds < seconds; rounds++)
        {
            var random = new Random(seed + rounds);
            ram.TryWrite(RamBase, saved);
            Spoil(machine, random, proc, root);
            foreach (var (command, arguments) in Questions)
            {
                var clock = Stopwatch.StartNew();
                string text = machine.Ask(command, arguments, random.Next(2));
                Assert.That(text.Length, Is.LessThan(MostCharacters), $"{command} {arguments}, seed {seed + rounds}");
                Assert.That(clock.Elapsed.TotalSeconds, Is.LessThan(20), $"{command} {arguments}, seed {seed + rounds}");
                Assert.That(text.All(static character => character is '\n' or (>= ' ' and <= '~')), Is.True, $"plain ASCII: {command}, seed {seed + rounds}");
            }
        }

        TestContext.Out.WriteLine($"{rounds} rounds from seed {seed}, {watch.Elapsed.TotalSeconds:f1} s");
    }

    private static void Spoil(DiagnosedMachine machine, Random random, ulong proc, ulong root)
    {
        var ram = machine.Machine.Harts[0].Ram;
        int count = 1 << random.Next(12);
        Span<byte> bytes = stackalloc byte[8];
        for (int index = 0; index < count; index++)
        {
            // The kernel's data, its processes, its page tables, or anywhere.
            ulong address = random.Next(4) switch
            {
                0 => RamBase + (ulong)random.NextInt64(1 << 20),
                1 => proc + (ulong)random.NextInt64(64 * 512),
                2 => root + (ulong)random.NextInt64(512) * 8,
                _ => RamBase + (ulong)random.NextInt64(4 << 20),
            };
            ulong value = random.Next(6) switch
            {
                0 => 0,
                1 => ulong.MaxValue,
                2 => (ulong)random.NextInt64(),
                3 => RamBase + (ulong)random.NextInt64(4 << 20) & ~7UL,
                4 => (root >> 12 << 10) | 1,
                _ => (ulong)random.Next(300),
            };
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            ram.TryWrite(address & ~7UL, bytes);
        }

        // Registers too: a hart may be anywhere.
        var state = machine.Machine.Harts[random.Next(2)].State;
        if (random.Next(3) == 0)
        {
            state->X[2] = (ulong)random.NextInt64();
            state->X[8] = RamBase + ((ulong)random.NextInt64(4 << 20) & ~15UL);
            state->Pc = random.Next(2) == 0 ? (ulong)random.NextInt64() : RamBase + ((ulong)random.NextInt64(1 << 20) & ~1UL);
        }
    }
}
