using static RiscvXv6.Emulator.Cpu.Isa.InstructionFormat;

namespace RiscvXv6.Emulator.Cpu.Isa;

/// <summary>The operands of each format: from an encoding to a <see cref="DecodedInstruction"/>.</summary>
internal static class OperandFields
{
    private const byte StackPointer = 2;
    private const byte ReturnAddress = 1;

    public static DecodedInstruction Extract(InstructionFormat format, Operation operation, uint e) => format switch
    {
        None => (e & 3) == 3 ? Wide(operation) : Compressed(operation, 0, 0, 0),
        R => Wide(operation, Rd(e), Rs1(e), Rs2(e)),
        RUnary => Wide(operation, Rd(e), Rs1(e)),
        RRounded => Wide(operation, Rd(e), Rs1(e), Rs2(e), roundingMode: Funct3(e)),
        RUnaryRounded => Wide(operation, Rd(e), Rs1(e), roundingMode: Funct3(e)),
        R4 => Wide(operation, Rd(e), Rs1(e), Rs2(e), rs3: (byte)(e >> 27), roundingMode: Funct3(e)),
        Atomic => Wide(operation, Rd(e), Rs1(e), Rs2(e), (e >> 25) & 3),
        I => Wide(operation, Rd(e), Rs1(e), 0, (int)e >> 20),
        Shift => Wide(operation, Rd(e), Rs1(e), 0, (e >> 20) & 0x3f),
        Zicsr => Wide(operation, Rd(e), Rs1(e), 0, e >> 20),
        Ordering => Wide(operation, 0, 0, 0, e >> 20),
        S => Wide(operation, 0, Rs1(e), Rs2(e), ((int)e >> 25 << 5) | (int)Bits(e, 7, 5)),
        B => Wide(operation, 0, Rs1(e), Rs2(e), BranchOffset(e)),
        U => Wide(operation, Rd(e), 0, 0, (int)(e & 0xffff_f000)),
        J => Wide(operation, Rd(e), 0, 0, JumpOffset(e)),
        CompressedR => Compressed(operation, Rd(e), Rd(e), CompressedRs2(e)),
        CompressedMove => Compressed(operation, Rd(e), 0, CompressedRs2(e)),
        CompressedJumpRegister => Compressed(operation, 0, Rd(e), 0),
        CompressedJumpLinkRegister => Compressed(operation, ReturnAddress, Rd(e), 0),
        CompressedI => Compressed(operation, Rd(e), Rd(e), 0, SignedSix(e)),
        CompressedLoadImmediate => Compressed(operation, Rd(e), 0, 0, SignedSix(e)),
        CompressedLoadUpper => Compressed(operation, Rd(e), 0, 0, SignedSix(e) << 12),
        CompressedShift => Compressed(operation, Rd(e), Rd(e), 0, UnsignedSix(e)),
        CompressedAddStack => Compressed(operation, StackPointer, StackPointer, 0, AddStackOffset(e)),
        CompressedStackAddress => Compressed(operation, LowPrime(e), StackPointer, 0, StackAddressOffset(e)),
        CompressedLoadStack4 => Compressed(operation, Rd(e), StackPointer, 0, LoadStackOffset4(e)),
        CompressedLoadStack8 => Compressed(operation, Rd(e), StackPointer, 0, LoadStackOffset8(e)),
        CompressedStoreStack4 => Compressed(operation, 0, StackPointer, CompressedRs2(e), StoreStackOffset4(e)),
        CompressedStoreStack8 => Compressed(operation, 0, StackPointer, CompressedRs2(e), StoreStackOffset8(e)),
        CompressedLoad4 => Compressed(operation, LowPrime(e), HighPrime(e), 0, Offset4(e)),
        CompressedLoad8 => Compressed(operation, LowPrime(e), HighPrime(e), 0, Offset8(e)),
        CompressedStore4 => Compressed(operation, 0, HighPrime(e), LowPrime(e), Offset4(e)),
        CompressedStore8 => Compressed(operation, 0, HighPrime(e), LowPrime(e), Offset8(e)),
        CompressedArithmetic => Compressed(operation, HighPrime(e), HighPrime(e), LowPrime(e)),
        CompressedShiftPrime => Compressed(operation, HighPrime(e), HighPrime(e), 0, UnsignedSix(e)),
        CompressedAndImmediate => Compressed(operation, HighPrime(e), HighPrime(e), 0, SignedSix(e)),
        CompressedBranch => Compressed(operation, 0, HighPrime(e), 0, CompressedBranchOffset(e)),
        CompressedJump => Compressed(operation, 0, 0, 0, CompressedJumpOffset(e)),
        _ => default,
    };

    private static DecodedInstruction Wide(
        Operation operation,
        byte rd = 0,
        byte rs1 = 0,
        byte rs2 = 0,
        long immediate = 0,
        byte rs3 = 0,
        byte roundingMode = 0) => new()
        {
            Operation = operation,
            Rd = rd,
            Rs1 = rs1,
            Rs2 = rs2,
            Rs3 = rs3,
            LengthBytes = 4,
            RoundingMode = roundingMode,
            Immediate = immediate,
        };

    private static DecodedInstruction Compressed(
        Operation operation, byte rd, byte rs1, byte rs2, long immediate = 0) => new()
        {
            Operation = operation,
            Rd = rd,
            Rs1 = rs1,
            Rs2 = rs2,
            LengthBytes = 2,
            Immediate = immediate,
        };

    private static uint Bits(uint encoding, int low, int count) => (encoding >> low) & ((1u << count) - 1);

    private static byte Rd(uint e) => (byte)Bits(e, 7, 5);

    private static byte Rs1(uint e) => (byte)Bits(e, 15, 5);

    private static byte Rs2(uint e) => (byte)Bits(e, 20, 5);

    private static byte Funct3(uint e) => (byte)Bits(e, 12, 3);

    private static byte CompressedRs2(uint e) => (byte)Bits(e, 2, 5);

    /// <summary>rd' or rs2' in bits 4 to 2.</summary>
    private static byte LowPrime(uint e) => (byte)(8 + Bits(e, 2, 3));

    /// <summary>rd' or rs1' in bits 9 to 7.</summary>
    private static byte HighPrime(uint e) => (byte)(8 + Bits(e, 7, 3));

    private static int BranchOffset(uint e) =>
        ((int)e >> 31 << 12) | (int)((Bits(e, 7, 1) << 11) | (Bits(e, 25, 6) << 5) | (Bits(e, 8, 4) << 1));

    private static int JumpOffset(uint e) =>
        ((int)e >> 31 << 20) | (int)((Bits(e, 12, 8) << 12) | (Bits(e, 20, 1) << 11) | (Bits(e, 21, 10) << 1));

    private static uint UnsignedSix(uint e) => (Bits(e, 12, 1) << 5) | Bits(e, 2, 5);

    private static int SignedSix(uint e) => (int)(UnsignedSix(e) << 26) >> 26;

    private static int AddStackOffset(uint e)
    {
        var bits = (Bits(e, 12, 1) << 9) | (Bits(e, 3, 2) << 7) | (Bits(e, 5, 1) << 6) | (Bits(e, 2, 1) << 5)
            | (Bits(e, 6, 1) << 4);
        return (int)(bits << 22) >> 22;
    }

    private static uint StackAddressOffset(uint e) =>
        (Bits(e, 7, 4) << 6) | (Bits(e, 11, 2) << 4) | (Bits(e, 5, 1) << 3) | (Bits(e, 6, 1) << 2);

    private static uint LoadStackOffset4(uint e) => (Bits(e, 2, 2) << 6) | (Bits(e, 12, 1) << 5) | (Bits(e, 4, 3) << 2);

    private static uint LoadStackOffset8(uint e) => (Bits(e, 2, 3) << 6) | (Bits(e, 12, 1) << 5) | (Bits(e, 5, 2) << 3);

    private static uint StoreStackOffset4(uint e) => (Bits(e, 7, 2) << 6) | (Bits(e, 9, 4) << 2);

    private static uint StoreStackOffset8(uint e) => (Bits(e, 7, 3) << 6) | (Bits(e, 10, 3) << 3);

    private static uint Offset4(uint e) => (Bits(e, 5, 1) << 6) | (Bits(e, 10, 3) << 3) | (Bits(e, 6, 1) << 2);

    private static uint Offset8(uint e) => (Bits(e, 5, 2) << 6) | (Bits(e, 10, 3) << 3);

    private static int CompressedBranchOffset(uint e)
    {
        var bits = (Bits(e, 12, 1) << 8) | (Bits(e, 5, 2) << 6) | (Bits(e, 2, 1) << 5) | (Bits(e, 10, 2) << 3)
            | (Bits(e, 3, 2) << 1);
        return (int)(bits << 23) >> 23;
    }

    private static int CompressedJumpOffset(uint e)
    {
        var bits = (Bits(e, 12, 1) << 11) | (Bits(e, 8, 1) << 10) | (Bits(e, 9, 2) << 8) | (Bits(e, 6, 1) << 7)
            | (Bits(e, 7, 1) << 6) | (Bits(e, 2, 1) << 5) | (Bits(e, 11, 1) << 4) | (Bits(e, 3, 3) << 1);
        return (int)(bits << 20) >> 20;
    }
}
