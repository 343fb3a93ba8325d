using NUnit.Framework;
using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Tests.Cpu.Isa;

/// <summary>
/// What the decoder promises beyond the text: fields, reserved encodings, hints. Encodings are GNU as's.
/// </summary>
[TestFixture]
internal sealed class DecoderTests
{
    // Encoding, operation, rd, rs1, rs2, immediate.
    [TestCase(0xfff50513u, nameof(Operation.Addi), 10, 10, 0, -1L, Description = "addi a0,a0,-1")]
    [TestCase(0x80000537u, nameof(Operation.Lui), 10, 0, 0, -0x8000_0000L, Description = "lui a0,0x80000")]
    [TestCase(0x12345517u, nameof(Operation.Auipc), 10, 0, 0, 0x1234_5000L, Description = "auipc a0,0x12345")]
    [TestCase(0xffdff06fu, nameof(Operation.Jal), 0, 0, 0, -4L, Description = "jal zero,.-4")]
    [TestCase(0xfe000ee3u, nameof(Operation.Beq), 0, 0, 0, -4L, Description = "beq zero,zero,.-4")]
    [TestCase(0xfeb53c23u, nameof(Operation.Sd), 0, 10, 11, -8L, Description = "sd a1,-8(a0)")]
    [TestCase(0x43f55513u, nameof(Operation.Srai), 10, 10, 0, 63L, Description = "srai a0,a0,63")]
    [TestCase(0x41f5551bu, nameof(Operation.Sraiw), 10, 10, 0, 31L, Description = "sraiw a0,a0,31")]
    [TestCase(0xc0102573u, nameof(Operation.Csrrs), 10, 0, 0, 0xc01L, Description = "rdtime a0")]
    [TestCase(0x30046073u, nameof(Operation.Csrrsi), 0, 8, 0, 0x300L, Description = "csrsi mstatus,8")]
    [TestCase(0x06b6252fu, nameof(Operation.AmoaddW), 10, 12, 11, 3L, Description = "amoadd.w.aqrl a0,a1,(a2)")]
    [TestCase(0x1406352fu, nameof(Operation.LrD), 10, 12, 0, 2L, Description = "lr.d.aq a0,(a2)")]
    [TestCase(0x60151513u, nameof(Operation.Ctz), 10, 10, 0, 0L, Description = "ctz a0,a0: the rs2 field is no operand")]
    [TestCase(0x12b50073u, nameof(Operation.SfenceVma), 0, 10, 11, 0L, Description = "sfence.vma a0,a1")]
    [TestCase(0x0ff0000fu, nameof(Operation.Fence), 0, 0, 0, 0xffL, Description = "fence iorw,iorw")]
    [TestCase(0x0100000fu, nameof(Operation.Fence), 0, 0, 0, 0x10L, Description = "pause")]
    [TestCase(0xf33f8f8fu, nameof(Operation.Fence), 0, 0, 0, 0xf33L, Description = "a fence with its reserved fields set")]
    [TestCase(0xffff9f8fu, nameof(Operation.FenceI), 0, 0, 0, 0L, Description = "a fence.i with its reserved fields set")]
    public void A_32_bit_instruction_is_taken_apart(
        uint encoding, string operation, int rd, int rs1, int rs2, long immediate) =>
        AssertDecodes(encoding, 4, operation, rd, rs1, rs2, immediate);

    [TestCase(0x0808u, nameof(Operation.Addi), 10, 2, 0, 16L, Description = "c.addi4spn a0,sp,16")]
    [TestCase(0x717du, nameof(Operation.Addi), 2, 2, 0, -16L, Description = "c.addi16sp sp,-16")]
    [TestCase(0x557du, nameof(Operation.Addi), 10, 0, 0, -1L, Description = "c.li a0,-1")]
    [TestCase(0x757du, nameof(Operation.Lui), 10, 0, 0, -4096L, Description = "c.lui a0,0xfffff")]
    [TestCase(0x357du, nameof(Operation.Addiw), 10, 10, 0, -1L, Description = "c.addiw a0,-1")]
    [TestCase(0x852eu, nameof(Operation.Add), 10, 0, 11, 0L, Description = "c.mv a0,a1")]
    [TestCase(0x952eu, nameof(Operation.Add), 10, 10, 11, 0L, Description = "c.add a0,a1")]
    [TestCase(0x8d0du, nameof(Operation.Sub), 10, 10, 11, 0L, Description = "c.sub a0,a1")]
    [TestCase(0x8082u, nameof(Operation.Jalr), 0, 1, 0, 0L, Description = "c.jr ra")]
    [TestCase(0x9502u, nameof(Operation.Jalr), 1, 10, 0, 0L, Description = "c.jalr a0")]
    [TestCase(0x9002u, nameof(Operation.Ebreak), 0, 0, 0, 0L, Description = "c.ebreak")]
    [TestCase(0xbffdu, nameof(Operation.Jal), 0, 0, 0, -2L, Description = "c.j .-2")]
    [TestCase(0xdd7du, nameof(Operation.Beq), 0, 10, 0, -2L, Description = "c.beqz a0,.-2")]
    [TestCase(0x6522u, nameof(Operation.Ld), 10, 2, 0, 8L, Description = "c.ldsp a0,8(sp)")]
    [TestCase(0xe42au, nameof(Operation.Sd), 0, 2, 10, 8L, Description = "c.sdsp a0,8(sp)")]
    [TestCase(0x2508u, nameof(Operation.Fld), 10, 10, 0, 8L, Description = "c.fld fa0,8(a0)")]
    [TestCase(0xc548u, nameof(Operation.Sw), 0, 10, 10, 12L, Description = "c.sw a0,12(a0)")]
    public void A_compressed_instruction_becomes_its_base_operation(
        uint encoding, string operation, int rd, int rs1, int rs2, long immediate) =>
        AssertDecodes(encoding, 2, operation, rd, rs1, rs2, immediate);

    [TestCase(0x0001u, nameof(Operation.Addi), Description = "c.nop")]
    [TestCase(0x0005u, nameof(Operation.Addi), Description = "c.nop 1")]
    [TestCase(0x0501u, nameof(Operation.Addi), Description = "c.addi a0,0")]
    [TestCase(0x4005u, nameof(Operation.Addi), Description = "c.li zero,1")]
    [TestCase(0x6005u, nameof(Operation.Lui), Description = "c.lui zero,1")]
    [TestCase(0x802eu, nameof(Operation.Add), Description = "c.mv zero,a1")]
    [TestCase(0x902eu, nameof(Operation.Add), Description = "c.add zero,a1")]
    [TestCase(0x0006u, nameof(Operation.Slli), Description = "c.slli zero,1")]
    [TestCase(0x0502u, nameof(Operation.Slli), Description = "c.slli a0,0")]
    [TestCase(0x8101u, nameof(Operation.Srli), Description = "c.srli a0,0")]
    [TestCase(0x8501u, nameof(Operation.Srai), Description = "c.srai a0,0")]
    public void A_compressed_hint_is_an_ordinary_instruction(uint encoding, string operation) =>
        Assert.That(Decoder.Decode(encoding).Operation.ToString(), Is.EqualTo(operation));

    [TestCase(0x0000u, Description = "the parcel of zeros")]
    [TestCase(0x0004u, Description = "c.addi4spn with immediate 0")]
    [TestCase(0x2005u, Description = "c.addiw to x0")]
    [TestCase(0x6101u, Description = "c.addi16sp with immediate 0")]
    [TestCase(0x6501u, Description = "c.lui with immediate 0")]
    [TestCase(0x4002u, Description = "c.lwsp to x0")]
    [TestCase(0x6002u, Description = "c.ldsp to x0")]
    [TestCase(0x8002u, Description = "c.jr through x0")]
    [TestCase(0x8000u, Description = "quadrant 0, funct3 4")]
    [TestCase(0x9c41u, Description = "quadrant 1, after c.addw")]
    public void A_reserved_compressed_encoding_is_illegal_and_two_bytes_long(uint encoding)
    {
        var decoded = Decoder.Decode(0xabcd_0000 | encoding);

        Assert.That(decoded.Operation, Is.EqualTo(Operation.Illegal));
        Assert.That(decoded.LengthBytes, Is.EqualTo(2));
        Assert.That(decoded.Immediate, Is.EqualTo(encoding));
    }

    [TestCase(0xffff_ffffu, Description = "all ones")]
    [TestCase(0x0000_001fu, Description = "longer than 32 bits")]
    [TestCase(0x0400_1513u, Description = "slli with a bit between funct6 and the amount")]
    [TestCase(0x0200_151bu, Description = "slliw by 32")]
    [TestCase(0x1010_202fu, Description = "lr.w with a second source")]
    [TestCase(0x0000_7023u, Description = "a store wider than any")]
    [TestCase(0x0000_7003u, Description = "a load wider than any")]
    [TestCase(0x0000_2063u, Description = "branch, funct3 2")]
    [TestCase(0x0000_4073u, Description = "SYSTEM, funct3 4")]
    [TestCase(0x0020_0073u, Description = "uret")]
    public void An_unknown_32_bit_encoding_is_illegal_and_carries_itself(uint encoding)
    {
        var decoded = Decoder.Decode(encoding);

        Assert.That(decoded.Operation, Is.EqualTo(Operation.Illegal));
        Assert.That(decoded.LengthBytes, Is.EqualTo(4));
        Assert.That(decoded.Immediate, Is.EqualTo((long)encoding));
    }

    [Test]
    public void Floating_point_instructions_carry_their_rounding_mode_even_a_reserved_one([Range(0, 7)] int roundingMode)
    {
        var fmadd = Decoder.Decode(0x68c5_8543u | ((uint)roundingMode << 12));

        Assert.That(fmadd.Operation, Is.EqualTo(Operation.FmaddS));
        Assert.That(fmadd.RoundingMode, Is.EqualTo(roundingMode));
        Assert.That((fmadd.Rd, fmadd.Rs1, fmadd.Rs2, fmadd.Rs3), Is.EqualTo(((byte)10, (byte)11, (byte)12, (byte)13)));
    }

    [Test]
    public void Decoding_allocates_nothing()
    {
        Decoder.Decode(0x13);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var encoding = 0u; encoding < 0x10000; encoding++)
        {
            Decoder.Decode(encoding);
            Decoder.Decode((encoding << 16) | 0x33);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static void AssertDecodes(
        uint encoding, int length, string operation, int rd, int rs1, int rs2, long immediate)
    {
        var decoded = Decoder.Decode(encoding);

        Assert.That(decoded.Operation.ToString(), Is.EqualTo(operation));
        Assert.That(decoded.LengthBytes, Is.EqualTo(length));
        Assert.That((int)decoded.Rd, Is.EqualTo(rd), "rd");
        Assert.That((int)decoded.Rs1, Is.EqualTo(rs1), "rs1");
        Assert.That((int)decoded.Rs2, Is.EqualTo(rs2), "rs2");
        Assert.That(decoded.Immediate, Is.EqualTo(immediate), "immediate");
    }
}
