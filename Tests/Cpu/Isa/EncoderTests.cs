using NUnit.Framework;
using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Tests.Cpu.Isa;

[TestFixture]
internal sealed class EncoderTests
{
    [Test]
    public void Instructions_are_encoded_as_GNU_as_does()
    {
        Assert.That(Encoder.Encode("addi", rd: 10, rs1: 10, immediate: -1), Is.EqualTo(0xfff5_0513u));
        Assert.That(Encoder.Encode("sd", rs1: 10, rs2: 11, immediate: -8), Is.EqualTo(0xfeb5_3c23u));
        Assert.That(Encoder.Encode("csrrw", rd: 11, rs1: 11, immediate: 0x300), Is.EqualTo(0x3005_95f3u));
        Assert.That(Encoder.Encode("fadd.s", rd: 10, rs1: 10, rs2: 11, roundingMode: 7), Is.EqualTo(0x00b5_7553u));
        Assert.That(Encoder.Encode("mret"), Is.EqualTo(0x3020_0073u));
    }

    [Test]
    public void Registers_that_a_compressed_instruction_implies_may_be_left_out()
    {
        Assert.That(Encoder.Encode("c.addi16sp", immediate: -16), Is.EqualTo(0x717du));
        Assert.That(Encoder.Encode("c.addi", rd: 10, immediate: -1), Is.EqualTo(0x157du));
        Assert.That(Encoder.Encode("c.jalr", rs1: 10), Is.EqualTo(0x9502u));
        Assert.That(Encoder.Encode("c.ldsp", rd: 10, immediate: 8), Is.EqualTo(0x6522u));
    }

    [Test]
    public void Operands_that_do_not_fit_are_refused()
    {
        Assert.That(() => Encoder.Encode("addi", immediate: 2048), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Encoder.Encode("beq", immediate: 3), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Encoder.Encode("slliw", immediate: 32), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Encoder.Encode("lui", immediate: 1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Encoder.Encode("add", rd: 32), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Encoder.Encode("clz", rs2: 1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Registers_that_a_compressed_instruction_cannot_name_are_refused()
    {
        Assert.That(() => Encoder.Encode("c.and", rd: 0, rs2: 8), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Encoder.Encode("c.lw", rd: 8, rs1: 16), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Encoder.Encode("c.lwsp", rd: 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Encoder.Encode("c.mv", rd: 10, rs2: 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Encoder.Encode("c.lui", rd: 2, immediate: 4096), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void An_unknown_mnemonic_is_refused_by_name()
    {
        Assert.That(() => Encoder.Encode("mov"), Throws.ArgumentException.With.Message.Contains("'mov'"));
    }
}
