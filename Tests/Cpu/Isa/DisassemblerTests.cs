using NUnit.Framework;
using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Tests.Cpu.Isa;

[TestFixture]
internal sealed class DisassemblerTests
{
    [Test]
    public void Targets_are_counted_from_the_address_of_the_instruction()
    {
        Assert.That(Disassembler.Format(0xffdf_f06f, 0x8000_0004), Is.EqualTo("jal zero,0x80000000"));
        Assert.That(Disassembler.Format(0xffdf_f06f, 0), Is.EqualTo("jal zero,0xfffffffffffffffc"));
    }

    [Test]
    public void What_does_not_decode_is_written_as_data()
    {
        Assert.That(Disassembler.Format(0xffff_ffff, 0), Is.EqualTo(".4byte 0xffffffff"));
        Assert.That(Disassembler.Format(0xabcd_0000, 0), Is.EqualTo(".2byte 0x0"));
    }

    [Test]
    public void A_listing_has_a_line_for_each_instruction_and_for_each_byte_left_over()
    {
        byte[] code = [0x13, 0x05, 0x15, 0x00, 0x05, 0x05, 0x73, 0x00, 0x20];
        using var output = new StringWriter { NewLine = "\n" };

        Disassembler.WriteListing(code, 0x8000_0000, output);

        Assert.That(output.ToString(), Is.EqualTo(
            "80000000:  00150513  addi a0,a0,1\n" +
            "80000004:  0505      c.addi a0,1\n" +
            "80000006:  73        .byte 0x73\n" +
            "80000007:  00        .byte 0x0\n" +
            "80000008:  20        .byte 0x20\n"));
    }

    [TestCase("00150513", new byte[] { 0x13, 0x05, 0x15, 0x00 })]
    [TestCase("0x0505", new byte[] { 0x05, 0x05 })]
    [TestCase("0X1", new byte[] { 0x01, 0x00 })]
    public void A_word_in_hexadecimal_becomes_its_bytes(string word, byte[] expected)
    {
        var code = new List<byte>();

        Assert.That(Disassembler.TryAppendWord(word, code), Is.True);
        Assert.That(code, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("0x")]
    [TestCase("addi")]
    [TestCase("100150513")]
    [TestCase("00010001", Description = "two compressed instructions are two words")]
    public void A_word_that_is_no_instruction_is_refused(string word)
    {
        var code = new List<byte>();

        Assert.That(Disassembler.TryAppendWord(word, code), Is.False);
        Assert.That(code, Is.Empty);
    }

    [Test]
    public void CSR_names_and_numbers_lead_to_each_other()
    {
        foreach (var number in CsrNames.Numbers)
        {
            Assert.That(CsrNames.Parse(CsrNames.Find(number)!), Is.EqualTo(number));
        }

        Assert.That(CsrNames.Parse("MSTATUS"), Is.EqualTo(0x300));
        Assert.That(CsrNames.Parse("pmpcfg1"), Is.Null, "RV32 only");
        Assert.That(CsrNames.Find(-1), Is.Null);
    }
}
