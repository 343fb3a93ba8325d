using System.Diagnostics;
using NUnit.Framework;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Monitor;

namespace RiscvXv6.Tests.Monitor;

/// <summary>
/// Lines made of true words, broken ones and noise, put to a machine whose guest may have gone mad too. Whatever comes, there is an answer: no
/// exception, no hang, not too long, and plain ASCII.
/// </summary>
internal sealed class MonitorFuzzTests
{
    private const int Lines = 3000;
    private const int Seed = 20_261_121;

    /// <summary>Of a busy host; nothing takes a tenth of a second by itself.</summary>
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(60);

    private static readonly string[] s_words =
    [
        "-a", "-c", "0", "1", "2", "-1", "99999999999999999999", "0x", "0xffffffffffffffff", "0x80000000", "0x10000000", "$pc", "$sp", "$", "$$",
        "$satp", "$nothing", "main", "kernel_main", "scheduler+8", "(", ")", "((((((((((((", "~-~-~-~", "+", "-", "*", "/", "%0", "1/0", "<<64", ">>", "|", "&", "^",
        "/x", "/4xw", "/65536xb", "/65536s", "/65536i", "/65536cg", "/70000x", "/99999999999999999999", "/8", "/zz", "/", "//", "help", "info", "?", "pid", "kernel", "\t", "\r",
        "\0", "\u001b[A", "é", "\ud800", "mem", "registers", "e1000",
    ];

    [Test]
    public void Every_line_has_an_answer()
    {
        var random = new Random(Seed);
        using var guest = new MonitoredGuest();
        guest.RunTo(MonitoredGuest.AtPrompt);
        string[] names = [.. guest.Monitor.Commands.SelectMany(static command => new[] { command.Name, command.Alias ?? command.Name })];
        int known = 0;
        for (int count = 0; count < Lines; count++)
        {
            string line = RandomLine(random, names);
            var watch = Stopwatch.StartNew();
            string answer = guest.Ask(line);
            Assert.That(watch.Elapsed, Is.LessThan(LongestAnswer), line);
            Assert.That(answer, Has.Length.LessThan(LimitedOutput.MostCharacters + 200), line);
            Assert.That(answer.All(static letter => letter is '\n' or (>= ' ' and <= '~')), Is.True, line);
            known += answer.StartsWith("unknown command", StringComparison.Ordinal) ? 0 : 1;
            if (random.Next(20) == 0)
            {
                Disturb(guest, random);
            }
        }

        TestContext.Out.WriteLine($"{Lines} lines from seed {Seed}: {known} known");
        Assert.That(known, Is.GreaterThan(Lines / 2));
    }

    [Test]
    public void A_page_table_that_leads_back_to_itself_is_cut_short()
    {
        using var guest = new MonitoredGuest(harts: 1);
        const ulong table = 0x8700_0000;
        for (ulong entry = 0; entry < 512; entry++)
        {
            Poke(guest, table + 8 * entry, table >> 12 << 10 | 1);
        }

        guest.Machine.Debug.TryWriteCsr(0, Emulator.Cpu.Csr.CsrNumber.Satp, 10UL << 60 | table >> 12);
        var watch = Stopwatch.StartNew();
        Assert.That(guest.Ask("info mem"), Does.Contain("cut short after"));
        Assert.That(watch.Elapsed, Is.LessThan(LongestAnswer));
    }

    private static void Disturb(MonitoredGuest guest, Random random)
    {
        // Registers and page tables that no guest has, so that every command meets what can't be.
        var debug = guest.Machine.Debug;
        debug.Resume();
        ulong number = random.Next(4) switch
        {
            0 => ulong.MaxValue - (ulong)random.Next(4096),
            1 => 0x8000_0000 + (ulong)random.Next(1 << 27),
            2 => (ulong)random.NextInt64(),
            _ => 0x1000_0000 + (ulong)random.Next(0x9000),
        };
        int hart = random.Next(guest.Machine.Harts.Count);
        switch (random.Next(5))
        {
            case 0:
                debug.WriteRegister(hart, (Emulator.Machine.HartRegister)random.Next(33), number);
                break;
            case 1:
                debug.TryWriteCsr(hart, Emulator.Cpu.Csr.CsrNumber.Satp, (ulong)random.Next(8, 11) << 60 | number >> 12 & 0xfffffff);
                break;
            case 2:
                Poke(guest, 0x8000_0000 + ((ulong)random.Next(1 << 24) << 3 & 0x7ff_fff8), number);
                break;
            case 3:
                guest.Machine.Bus.WriteDevice(0x4000_0000 + ((ulong)random.Next(0x1500) << 2 & 0x1_fffc), 4, (uint)number, out _);
                break;
            default:
                debug.WriteRegister(hart, Emulator.Machine.HartRegister.Privilege, (ulong)(PrivilegeMode)random.Next(4));
                break;
        }
    }

    private static void Poke(MonitoredGuest guest, ulong address, ulong value) =>
        guest.Machine.Debug.TryWritePhysical(address, BitConverter.GetBytes(value));

    private static string RandomLine(Random random, string[] names)
    {
        string line = random.Next(8) == 0 ? Noise(random) : names[random.Next(names.Length)];
        for (int words = random.Next(4); words > 0; words--)
        {
            line += (random.Next(4) == 0 ? "" : " ") + (random.Next(10) == 0 ? Noise(random) : s_words[random.Next(s_words.Length)]);
        }

        return random.Next(200) == 0 ? line.PadRight(random.Next(5000), '(') : line;
    }

    private static string Noise(Random random) =>
        new([.. Enumerable.Range(0, random.Next(20)).Select(_ => (char)random.Next(random.Next(2) == 0 ? 128 : 0x10000))]);
}
