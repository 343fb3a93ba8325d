namespace RiscvXv6.Emulator.Cpu.Isa;

/// <summary>
/// An instruction with its operands taken apart. Fields that the instruction does not have are zero. Sixteen bytes.
/// </summary>
/// <remarks>
/// <see cref="Immediate"/> holds, sign-extended: of loads, stores and <c>jalr</c> the displacement; of branches and
/// <c>jal</c> the distance in bytes; of <c>lui</c> and <c>auipc</c> the value already shifted; of shifts and single-bit
/// operations the amount; of CSR instructions the CSR's number; of AMOs, <c>lr</c> and <c>sc</c> <c>aq &lt;&lt; 1 |
/// rl</c>; of <c>fence</c> the fields fm, pred and succ (twelve bits). Of an <see cref="Operation.Illegal"/> encoding
/// it is the encoding itself, zero-extended, which is what a trap puts into <c>mtval</c>.
/// </remarks>
internal readonly struct DecodedInstruction
{
    public Operation Operation { get; init; }

    /// <summary>Destination register, the plain architectural number: x0 stays 0.</summary>
    public byte Rd { get; init; }

    /// <summary>
    /// First source register, or the five-bit immediate of <c>csrrwi</c>, <c>csrrsi</c> and <c>csrrci</c>.
    /// </summary>
    public byte Rs1 { get; init; }

    public byte Rs2 { get; init; }

    public byte Rs3 { get; init; }

    /// <summary>2 or 4.</summary>
    public byte LengthBytes { get; init; }

    /// <summary>The rm field, as encoded, of floating-point instructions that have one; 5 and 6 are reserved.</summary>
    public byte RoundingMode { get; init; }

    public long Immediate { get; init; }
}
