using System.Text;
using NUnit.Framework;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Tests.Support;

namespace RiscvXv6.Tests.Machine;

/// <summary>tohost and fromhost, as the RISC-V test suites use them.</summary>
internal sealed class HtifTests
{
    private const ulong ToHost = BareMachine.RamBase + 0x1000;
    private const ulong FromHost = ToHost + 0x40;

    private static MachineSetup Setup => new() { MemoryBytes = 1 << 20, ToHost = ToHost, FromHost = FromHost };

    [TestCase(1UL, 0)]
    [TestCase(3UL, 1)]
    [TestCase(2674UL + 1, 1337)]
    public void An_odd_word_ends_the_run_with_the_code_above_its_low_bit(ulong word, int code)
    {
        var program = new Program().Constant(10, ToHost).Constant(11, word).Add("sd", rs1: 10, rs2: 11)
            .Label("here").Jump("here");
        using var guest = new BareMachine(program, Setup);

        Assert.That(guest.RunToEnd().Code, Is.EqualTo(code));
    }

    [Test]
    public void Characters_are_printed_in_order_and_each_is_answered()
    {
        var program = new Program().Constant(10, ToHost).Constant(13, FromHost);
        foreach (char letter in "hi!")
        {
            program.Constant(11, (1UL << 56) | (1UL << 48) | letter).Add("sd", rs1: 10, rs2: 11)
                .Add("ld", rd: 12, rs1: 10).Add("ld", rd: 14, rs1: 13).Add("sd", rs1: 13);
        }

        program.Constant(11, 1).Add("sd", rs1: 10, rs2: 11).Label("here").Jump("here");
        using var guest = new BareMachine(program, Setup);

        Assert.That(guest.RunToEnd().Kind, Is.EqualTo(MachineExitKind.PowerOff));
        Assert.That(Encoding.ASCII.GetString([.. guest.Output]), Is.EqualTo("hi!"));
        Assert.That(guest.X(12), Is.Zero, "the command was taken before the next instruction");
        Assert.That(guest.X(14), Is.EqualTo((1UL << 56) | (1UL << 48)));
    }

    [Test]
    public void A_store_beside_tohost_is_no_command()
    {
        var program = new Program().Constant(10, ToHost).Constant(11, 3).Add("sd", rs1: 10, rs2: 11, immediate: 8)
            .Add("sd", rs1: 10, rs2: 11, immediate: -8).Constant(11, 1).Add("amoswap.d", rs1: 10, rs2: 11)
            .Label("here").Jump("here");
        using var guest = new BareMachine(program, Setup);

        Assert.That(guest.RunToEnd().Kind, Is.EqualTo(MachineExitKind.PowerOff));
    }
}
