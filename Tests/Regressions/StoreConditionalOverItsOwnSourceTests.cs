using System.Buffers.Binary;
using NUnit.Framework;
using RiscvXv6.Tests.Differential;

namespace RiscvXv6.Tests.Regressions;

/// <summary>SC once wrote its result before it read what to store, so that with rd = rs2 it stored 0.</summary>
internal sealed class StoreConditionalOverItsOwnSourceTests
{
    private const ulong Value = 0x1234_5678;
    private const int DataOffset = 0x800;
    private const int OutcomeOffset = 0x808;

    [TestCase("lr.d", "sc.d")]
    [TestCase("lr.w", "sc.w")]
    public void Store_conditional_stores_its_source_though_its_result_goes_there(string reserve, string store)
    {
        var code = new Assembler(Layout.RamBase);
        code.Emit("auipc", 10, immediate: 0);
        code.Emit("addi", 10, 10, immediate: 2047);
        code.Emit("addi", 10, 10, immediate: 1);
        code.LoadImmediate(11, Value);
        code.Emit(reserve, 12, 10);
        code.Emit(store, 11, 10, 11);
        code.Store(11, 10, 8);
        code.LoadImmediate(5, 0x10_0000);
        code.LoadImmediate(6, 0x5555);
        code.Emit("sw", rs1: 5, rs2: 6);
        byte[] image = new byte[Layout.PageBytes];
        code.Finish().CopyTo(image, 0);

        byte[] ram = MachineRunner.Run(image);

        Assert.That(BinaryPrimitives.ReadUInt64LittleEndian(ram.AsSpan(DataOffset)), Is.EqualTo(Value));
        Assert.That(BinaryPrimitives.ReadUInt64LittleEndian(ram.AsSpan(OutcomeOffset)), Is.Zero, "success");
    }
}
